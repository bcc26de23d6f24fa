// Makes static/built/ from static/src/ and GOV.UK Frontend: one style sheet, our scripts, one icon; and static/fonts/,
// the fonts of PDF files, which are not served. Run by `npm run build`.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";
import { unpackWoff } from "./woff.mjs";

const source = dirname(fileURLToPath(import.meta.url));
const root = join(source, "..", "..");
const built = join(root, "static", "built");
const frontend = join(root, "node_modules", "govuk-frontend", "dist");

rmSync(built, { recursive: true, force: true });
mkdirSync(join(built, "govuk"), { recursive: true });

const { css } = compile(join(source, "portal.scss"), {
  style: "compressed",
  loadPaths: [frontend],
  quietDeps: true,
  silenceDeprecations: ["import"], // GOV.UK Frontend 5 is written for @import
});
writeFileSync(join(built, "portal.css"), css);
copyFileSync(join(frontend, "govuk", "govuk-frontend.min.js"), join(built, "govuk", "govuk-frontend.min.js"));
const exit = join("govuk", "components", "exit-this-page", "exit-this-page.bundle.mjs");
copyFileSync(join(frontend, exit), join(built, "govuk", "exit-this-page.bundle.mjs"));
for (const file of ["favicon.svg", "hiding.mjs", "idle.mjs", "leaving.mjs", "recording.mjs", "report.mjs"]) copyFileSync(join(source, file), join(built, file));

// Latin, Greek, Cyrillic, Hebrew and Arabic; scripts that join their letters; emoji; and for everything else a plain
// glyph, so that no word is lost.
const packages = join(root, "node_modules");
const fonts = join(root, "static", "fonts");
rmSync(fonts, { recursive: true, force: true });
mkdirSync(fonts, { recursive: true });
for (const font of ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"]) {
  copyFileSync(join(packages, "dejavu-fonts-ttf", "ttf", font), join(fonts, font));
}
for (const [name, font] of [["noto-sans-bengali", "NotoSansBengali"], ["noto-sans-gujarati", "NotoSansGujarati"], ["noto-emoji", "NotoEmoji"]]) {
  copyFileSync(join(packages, "@expo-google-fonts", name, "400Regular", `${font}_400Regular.ttf`), join(fonts, `${font}.ttf`));
}
const unifont = join(packages, "@fontsource", "unifont", "files", "unifont-latin-400-normal.woff");
writeFileSync(join(fonts, "Unifont.ttf"), unpackWoff(readFileSync(unifont)));
