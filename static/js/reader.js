/** The reader page: marking, the margin, how far one has read. Each works on its own. */

import "./select.js";
import "./margin.js";
import "./changed.js";
import "./progress.js";
