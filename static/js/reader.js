/** The reader page: marking, the margin, the ends of passages, how far one has read. Each works on its own. */

import "./select.js";
import "./margin.js";
import "./range.js";
import "./changed.js";
import "./progress.js";
