import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Compressed once, here, and not for each visitor: `x.js.gz` lies beside `x.js`.
const compress = {
  name: "compress",
  writeBundle({ dir }, bundle) {
    for (const name of Object.keys(bundle)) {
      const path = join(dir, name);
      writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
    }
  },
};

// GraphiQL's packages still carry directives for the React compiler that made them; to browsers they mean nothing.
function onLog(level, log, handle) {
  if (log.code !== "MODULE_LEVEL_DIRECTIVE" || !log.message.includes('"use no memo"')) handle(level, log);
}

// The page is at `…/graphql`, whatever stands before that, and its files are below. All addresses are relative, those in
// the page to where it is, those in files to the file.
function renderBuiltUrl(file, { hostType }) {
  return hostType === "html" ? `graphql/${file}` : { relative: true };
}

export default defineConfig({
  build: { chunkSizeWarningLimit: 4000, reportCompressedSize: false, rolldownOptions: { onLog } },
  experimental: { renderBuiltUrl },
  logLevel: "warn",
  plugins: [react(), compress],
});
