// Every page works without this file; it only makes some of them smoother.
import htmx from "htmx.org/dist/htmx.esm.js";
import "./colour-field.js";
import "./column-drag.js";
import "./copy-text.js";
import "./error-summary.js";
import "./file-chosen.js";
import "./file-size.js";
import "./founding.js";
import "./framed.js";
import "./hold-countdown.js";
import "./insert-placeholder.js";
import "./list-keys.js";
import "./live-part.js";
import "./one-submit.js";
import "./one-time-code.js";
import "./photo-chosen.js";
import "./print-page.js";
import "./smooth-steps.js";
import "./unsaved-changes.js";
import "./where-menu.js";

window.htmx = htmx; // for the scripts of single pages, which are bundled apart
