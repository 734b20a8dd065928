// Bundles the look and the behaviour into the folder named on the command line:
// assets/ (content-hashed, cached for a year), manifest.json (source name → file), icons.json (name → inner SVG).
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const templates = join(here, "..", "templates");
const pictures = (await readdir(join(here, "help")).catch(() => [])).filter((file) => file.endsWith(".webp"));
const bundled = ["css/main.css", "css/calendar.css", "js/main.js", "js/calendar.js", "js/embed.js", "favicon.svg"];
const entryPoints = [...bundled, ...pictures.map((file) => `help/${file}`)];

async function bundle(folder) {
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints,
    outdir: join(folder, "assets"),
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    format: "esm",
    target: ["es2022", "chrome119", "firefox128", "safari16.4"],
    loader: { ".woff2": "file", ".svg": "copy", ".webp": "copy" },
    minify: true,
    legalComments: "eof",
    metafile: true,
    logLevel: "warning",
  });
  return metafile.outputs;
}

// Fonts go by their file name, so that a page can preload one; the rest by its path here.
function manifestOf(outputs) {
  const names = Object.entries(outputs).map(([file, { entryPoint, inputs }]) => {
    const source = entryPoint ?? Object.keys(inputs)[0];
    return [source.endsWith(".woff2") ? basename(source) : source, `assets/${basename(file)}`];
  });
  return Object.fromEntries(names.sort());
}

// Templates name their icons literally, icon("calendar"), so the templates are the list.
async function iconNames() {
  const files = await readdir(templates, { recursive: true });
  const pages = files.filter((file) => file.endsWith(".html")).map((file) => readFile(join(templates, file), "utf8"));
  const found = (await Promise.all(pages)).flatMap((page) => [...page.matchAll(/\bicon\(\s*["']([a-z0-9-]+)["']/g)]);
  return [...new Set(found.map((match) => match[1]))].sort();
}

async function innerSvg(name) {
  const svg = await readFile(join(here, "node_modules/lucide-static/icons", `${name}.svg`), "utf8");
  const inner = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  return [name, inner.replace(/\s*\n\s*/g, "").trim()];
}

const folder = process.argv[2] ?? join(here, "dist");
await mkdir(folder, { recursive: true });
const manifest = manifestOf(await bundle(folder));
const icons = Object.fromEntries(await Promise.all((await iconNames()).map(innerSvg)));
await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest, null, 1));
await writeFile(join(folder, "icons.json"), JSON.stringify(icons, null, 1));
