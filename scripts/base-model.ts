import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BASE, baseBytes, nameIn } from '../server/domains/language/base.ts'
import { examplesOf, nameOf } from '../server/domains/language/model.ts'
import { train } from '../server/domains/language/statistics/train.ts'
import { SKILLS } from '../server/install.ts'
import { system } from '../server/skills/system/index.ts'

/** What the shipped model is too large for. */
const SIZE_MAX = 3_000_000

/** The examples of the built-in skills, in the order in which a server installs them. */
const examples = () => examplesOf([system, ...SKILLS])

/** What is wrong with the shipped model: it is made from other phrases than there are now, or too large. */
export function findStaleModel(file: URL | string = BASE): string[] {
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0)
  if (nameIn(bytes) !== nameOf(examples()))
    return ['base.model is not made from the phrases as they are: node scripts/base-model.ts']
  return bytes.length > SIZE_MAX ? [`base.model has ${bytes.length} bytes, more than ${SIZE_MAX}`] : []
}

function write(): void {
  const all = examples()
  const bytes = baseBytes(nameOf(all), train(all))
  writeFileSync(BASE, bytes)
  console.log(`${all.length} examples, ${bytes.length} bytes`)
}

if (process.argv[1]?.endsWith(join('scripts', 'base-model.ts')) === true) write()
