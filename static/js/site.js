/* Every script that all pages run, in its order. Deployed, they are one file (programme.front.static_files). */

import "./early.js";
import "./busy.js";
import "./swaps.js";
import "./drafts.js";
import "./theme.js";
