import { createHash } from 'node:crypto'
import { cpSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { DatabaseSync, StatementSync } from 'node:sqlite'
import type { TestContext } from 'node:test'
import { temporaryFolder } from '../../server/kernel/rig.ts'

/** Files that do not outlive the process: locks, and the index of the log, which the next one makes anew. */
const FLEETING = /^lock\.sqlite|-shm$|\.sock$/

/** What a process would leave of its folder if it were killed. */
interface Deaths {
  /** Before how many statements it was looked. */
  statements: number
  /** Copies of the folder, oldest first, one for all deaths that leave the same. */
  images: string[]
}

/** Does some work on a folder, and copies that before each statement that the work asks of any database, and at its end. */
export async function deathsDuring(
  t: TestContext,
  folder: string,
  work: () => Promise<unknown>,
): Promise<Deaths> {
  const root = temporaryFolder(t)
  const seen = new Set<string>()
  const images: string[] = []
  let statements = 0
  const look = (): void => {
    const digest = digestOf(folder)
    if (seen.has(digest)) return
    seen.add(digest)
    const image = join(root, String(images.length))
    cpSync(folder, image, { recursive: true, filter: (path) => !FLEETING.test(basename(path)) })
    images.push(image)
  }
  const { exec } = DatabaseSync.prototype
  const { run, all, get } = StatementSync.prototype
  const before = <T, A extends unknown[], R>(method: (this: T, ...given: A) => R) =>
    function watched(this: T, ...given: A): R {
      statements += 1
      look()
      return method.apply(this, given)
    }
  const watches = [
    t.mock.method(DatabaseSync.prototype, 'exec', before(exec)),
    t.mock.method(StatementSync.prototype, 'run', before(run)),
    t.mock.method(StatementSync.prototype, 'all', before(all)),
    t.mock.method(StatementSync.prototype, 'get', before(get)),
  ]
  try {
    await work()
  } finally {
    for (const { mock } of watches) mock.restore()
  }
  look()
  return { statements, images }
}

function digestOf(folder: string): string {
  const hash = createHash('sha256')
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (FLEETING.test(basename(path))) continue
    hash.update(`${path}\0`)
    if (statSync(join(folder, path)).isFile()) hash.update(readFileSync(join(folder, path)))
  }
  return hash.digest('hex')
}
