"""Software bill of materials in CycloneDX 1.5: `uv export --format cyclonedx1.5 … | python -m programme.local.sbom`.

To what uv knows of `uv.lock` it adds the files of others under `static/vendor` and the images of others that
`Dockerfile` and `docker-compose.yml` name. The same sources give the same bytes: no time, no random number.
"""

import json
import re
import sys
import uuid
from collections.abc import Mapping
from itertools import groupby
from typing import Any
from urllib.parse import quote

from programme.local.data_directory import PROJECT

VENDORED = re.compile(
    r"^\| `(?P<file>[^`]+)` \| (?P<package>[^|]+) \| (?P<version>[\d.]+) \| (?P<licence>[^|]+) \| `(?P<sha256>\w{64})`",
    re.MULTILINE,
)
IMAGE = re.compile(
    r"^\s*(?:FROM|image:) (?P<name>[\w./-]+):(?P<tag>[\w.-]+)@sha256:(?P<digest>[0-9a-f]{64})", re.MULTILINE
)

Component = dict[str, Any]


def main() -> None:
    sources = [PROJECT / name for name in ("Dockerfile", "docker-compose.yml")]
    bill = bill_of_materials(
        json.load(sys.stdin),
        vendored=(PROJECT / "static" / "vendor" / "VENDORED.md").read_text(),
        images="\n".join(path.read_text() for path in sources),
    )
    json.dump(bill, sys.stdout, indent=2)
    print()


def bill_of_materials(exported: Mapping[str, Any], *, vendored: str, images: str) -> dict[str, Any]:
    """What uv exported, with the other parts, and without what differs from run to run."""
    ours = exported["metadata"]["component"] | {"type": "application"}
    others = [*_vendored_packages(vendored), *_images(images)]
    needed = [
        each | {"dependsOn": [*each.get("dependsOn", []), *(other["bom-ref"] for other in others)]}
        if each["ref"] == ours["bom-ref"]
        else each
        for each in exported["dependencies"]
    ]
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": ours},
        "components": [*exported["components"], *others],
        "dependencies": needed,
    }
    return bill | {"serialNumber": uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(bill, sort_keys=True)).urn}


def _vendored_packages(listing: str) -> list[Component]:
    """The packages of VENDORED.md with the hash of each file, as it is served."""
    rows = sorted(VENDORED.finditer(listing), key=lambda row: (row["package"], row["version"], row["file"]))
    return [
        {
            "type": "library",
            "bom-ref": f"static/vendor/{package}@{version}",
            "name": package,
            "version": version,
            "purl": f"pkg:npm/{quote(package, safe='/')}@{version}",
            "licenses": [{"license": {"id": licence.replace(" ", "-")}}],
            "components": [
                {
                    "type": "file",
                    "bom-ref": f"static/vendor/{row['file']}",
                    "name": f"static/vendor/{row['file']}",
                    "hashes": [{"alg": "SHA-256", "content": row["sha256"]}],
                }
                for row in files
            ],
        }
        for (package, version, licence), files in groupby(
            rows, key=lambda row: (row["package"], row["version"], row["licence"])
        )
    ]


def _images(text: str) -> list[Component]:
    return [
        {
            "type": "container",
            "bom-ref": f"{image['name']}:{image['tag']}",
            "name": image["name"],
            "version": image["tag"],
            "purl": f"pkg:docker/{image['name']}@sha256%3A{image['digest']}",
            "hashes": [{"alg": "SHA-256", "content": image["digest"]}],
        }
        for image in sorted(IMAGE.finditer(text), key=lambda image: image["name"])
    ]


if __name__ == "__main__":
    main()
