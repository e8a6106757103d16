"""`python -m programme.local.advisories SBOM`: asks osv.dev about every package of a bill of materials.

pip-audit knows Python alone; this asks about the vendored files of others, too. Ends with 1 if anything is known.
"""

import json
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SERVICE = "https://api.osv.dev/v1/querybatch"
KNOWN_THERE = ("pkg:pypi/", "pkg:npm/")  # the images have scanners of their own


def main() -> int:
    bill = json.loads(Path(sys.argv[1]).read_text())
    found = advisories(bill)
    for package, names in found.items():
        print(f"{package}: {', '.join(names)} (https://osv.dev/vulnerability/…)")
    if not found:
        print(f"Nothing is known about {len(packages(bill))} packages.")
    return 1 if found else 0


def packages(bill: Mapping[str, Any]) -> list[str]:
    return [part["purl"] for part in bill["components"] if part["purl"].startswith(KNOWN_THERE)]


def advisories(bill: Mapping[str, Any], service: str = SERVICE) -> dict[str, list[str]]:
    """Known advisories by package. Any answer that is not complete is an error, never "nothing known"."""
    asked = packages(bill)
    body = json.dumps({"queries": [{"package": {"purl": purl}} for purl in asked]}).encode()
    request = urllib.request.Request(service, data=body, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        results = json.load(answer)["results"]
    known = zip(asked, results, strict=True)
    return {purl: [each["id"] for each in result["vulns"]] for purl, result in known if result.get("vulns")}


if __name__ == "__main__":
    sys.exit(main())
