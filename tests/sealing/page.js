// Runs the script of the page on test cases: node page.js PAGE CASES. Prints the verdicts as JSON.
"use strict";
const fs = require("node:fs");
const vm = require("node:vm");

const page = fs.readFileSync(process.argv[2], "utf8");
const block = (open) => page.split(open)[1].split("</script>")[0];
const tables = JSON.parse(block('<script id="tables" type="application/json">'));
vm.runInThisContext(block('<script id="verifier">'));

const verifier = globalThis.makeVerifier(tables);
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const map = (object, work) => Object.fromEntries(Object.entries(object).map(([name, value]) => [name, work(value)]));
const cases = JSON.parse(fs.readFileSync(process.argv[3], "utf8"));
// What it says of a file with one bit turned over, for each [byte, bit].
const flipped = (data, at, bit) => {
  const copy = Uint8Array.from(data);
  copy[at] ^= 1 << bit;
  return copy;
};
const kinds = {
  flips: ({ flips, given, name }) => {
    const files = map(given, bytes);
    return flips.map(([at, bit]) => verifier.verify({ ...files, [name]: flipped(files[name], at, bit) }).outcome);
  },
  verify: ({ files, attachments }) => verifier.verify(map(files, bytes), attachments),
  readable: ({ readable }) => verifier.readable(bytes(readable)),
  digests: ({ digests }) => ["sha256", "sha512", "sm3"].map((name) => verifier.toHex(verifier[name](bytes(digests)))),
  signature: ({ signature }) => verifier.ed25519(...signature.map(bytes)),
};
const kind = (each) => (each.files ? "verify" : Object.keys(each)[0]);
process.stdout.write(JSON.stringify(map(cases, (each) => kinds[kind(each)](each))));
