import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openSyncer } from '../../server/kernel/store/sync.ts'
import { openBook } from './workflow-book.ts'
import { openRunner, prepare, work } from './workflow-runs.ts'
import { watchWrites } from './workflow-writes.ts'

/**
 * Opens the server on a folder, goes on with the runs that earlier processes left, and begins others until it is killed.
 * Words: folder, the place outside, the number of this process, runs at once (0: the last process, which ends with the
 * runs that are left), and, if it is to kill itself, the number of the commit about runs, and `before` or `after` it.
 * Prints a line when it is ready. Ends with 5 when runs do not end.
 */
const [root = '', outside = '', life = '0', together = '0', commit = '0', at = 'after'] =
  process.argv.slice(2)
const PATIENCE_MS = 20_000
/** Whoever was to kill this process is gone by then. */
const LIFE_MS = 240_000

setTimeout(() => process.exit(4), LIFE_MS).unref()
let commits = 0
watchWrites({
  commits: (_path, when) => {
    if (when === 'before') commits += 1
    if (commits === Number(commit) && when === at) process.kill(process.pid, 'SIGKILL')
  },
})
const complain = (line: string): void => void process.stderr.write(`${line}\n`)
const data_dir = join(root, 'data')
mkdirSync(data_dir, { recursive: true })
const server = await openRunner({
  data_dir,
  outside,
  syncer: openSyncer,
  complain,
  onFatal: (error) => {
    complain(`fatal: ${String(error)}`)
    process.exit(3)
  },
})
const book = openBook(root)
await prepare(server, book)
process.stdout.write('ready\n')
let begun = 0
const left = await work(server, book, {
  outside,
  workflow: 'graph',
  together: Number(together),
  next: () => `p${life}x${(begun += 1)}`,
  isOver: () => false,
  patience_ms: PATIENCE_MS,
})
await server.close()
process.exit(left === 0 ? 0 : 5)
