// tuf-js-check.mjs - what an unmodified tuf-js makes of a repository.
//
//   node tuf-js-check.mjs MODULES URL ROOT STATE TARGET...
//
// STATE is a directory: when it has no root.json yet, ROOT is the only trust it starts
// from.  Each target is printed as "SHA256 TARGET" or "absent TARGET".  Ends with 1 when
// tuf-js refuses anything.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, url, root, state, ...targets] = process.argv.slice(2);
const { Updater } = createRequire(join(modules, 'x.js'))('tuf-js');

mkdirSync(join(state, 'targets'), { recursive: true });
if (!existsSync(join(state, 'root.json'))) copyFileSync(root, join(state, 'root.json'));
try {
  const updater = new Updater({
    metadataDir: state,
    metadataBaseUrl: `${url}/metadata`,
    targetDir: join(state, 'targets'),
    targetBaseUrl: `${url}/targets`,
    config: { fetchRetries: 0 },
  });
  await updater.refresh();
  for (const name of targets) {
    const info = await updater.getTargetInfo(name);
    if (info === undefined) {
      console.log(`absent ${name}`);
      continue;
    }
    const path = await updater.downloadTarget(info);
    console.log(`${createHash('sha256').update(readFileSync(path)).digest('hex')} ${name}`);
  }
} catch (error) {
  console.error(`tuf-js: ${error.name}: ${error.message}`);
  process.exit(1);
}
