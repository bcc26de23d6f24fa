// Makes static/built/ from static/src/ and GOV.UK Frontend: one style sheet, one script, one icon. Run by `npm run build`.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

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
copyFileSync(join(source, "favicon.svg"), join(built, "favicon.svg"));
