import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openTestApp } from '../app.ts'
import type { TestApp } from '../app.ts'
import { systemClock } from '../../server/kernel/clock.ts'
import { systemRandom } from '../../server/kernel/ids.ts'
import { openLog } from '../../server/kernel/log.ts'
import { readSettings } from '../../server/kernel/settings.ts'
import type { Syncer } from '../../server/kernel/store/sync.ts'
import type { Book } from './workflow-book.ts'
import { definitionOf } from './workflow-definition.ts'
import type { Tortured } from './workflow-definition.ts'

interface Opening {
  data_dir: string
  /** The one place outside that may be reached. */
  outside: string
  syncer: (path: string) => Syncer
  complain: (line: string) => void
  onFatal: (error: unknown) => void
}

/** The server but for its listeners, with the machine's clock; logs errors. */
export function openRunner({ data_dir, outside, complain, ...options }: Opening): Promise<TestApp> {
  const environment = {
    HOME: data_dir,
    PAIOS_DATA_DIR: data_dir,
    PAIOS_KEY_FILE: join(data_dir, 'root.key'),
    PAIOS_EGRESS_LAN: outside,
  }
  return openTestApp({
    ...options,
    data_dir,
    settings: readSettings(environment),
    clock: systemClock,
    random: systemRandom,
    log: openLog('error', systemClock, complain),
    // The place outside fails all the time; that it is then left alone is not what is looked at.
    egress: { bounds: { failures: 1_000_000, backoff_ms: 20 } },
  })
}

/** Makes the owner and the workflows, once. */
export async function prepare(server: TestApp, book: Book): Promise<void> {
  if (book.account() !== undefined) return
  const { user_id, token } = await server.claim()
  const { workflows, kernel } = server.app
  const make = async (name: Tortured): Promise<string> => {
    const given = { name, definition: definitionOf(name) }
    return (await kernel.store.write((tx) => workflows.create(tx, user_id, given))).id
  }
  const made = { graph: await make('graph'), list: await make('list') }
  await kernel.store.settled()
  book.note({ is: 'account', user_id, token, workflows: made })
}

interface Work {
  outside: string
  workflow: Tortured
  /** Runs that go on at once. */
  together: number
  /** Names what is started next; nothing more is when it answers `undefined`. */
  next: () => string | undefined
  /** Whether the server is gone. */
  isOver: () => boolean
  /** Milliseconds without a commit after which runs that have not ended never will. */
  patience_ms: number
}

/** Starts runs, and waits until all have ended or nothing happens any more. Answers how many are left. */
export async function work(server: TestApp, book: Book, asked: Work): Promise<number> {
  const { connection } = server.app.kernel.store.reader
  const { store } = server.app.kernel
  const open = (): number =>
    Number(connection.all('SELECT count(*) AS n FROM workflow_runs WHERE ended_at IS NULL', [])[0]?.['n'])
  for (const { name, workflow } of book.unanswered()) await start(server, book, { ...asked, name, workflow })
  let [committed, since] = [-1, performance.now()]
  while (!asked.isOver()) {
    for (let name = spare(asked, open()); name !== undefined; name = spare(asked, open())) {
      book.note({ is: 'asked', name, workflow: asked.workflow })
      await start(server, book, { ...asked, name })
    }
    if (asked.isOver() || open() === 0) return 0
    const { progress } = store
    if (progress.committed !== committed) [committed, since] = [progress.committed, performance.now()]
    else if (performance.now() - since > asked.patience_ms) return open()
    await pause(2)
  }
  return 0
}

function spare({ next, together, isOver }: Work, open: number): string | undefined {
  return open < together && !isOver() ? next() : undefined
}

/** Under a key of its own, so that asking again after a crash starts nothing twice. */
async function start(
  server: TestApp,
  book: Book,
  { name, workflow, outside, isOver }: Pick<Work, 'outside' | 'workflow' | 'isOver'> & { name: string },
): Promise<void> {
  const account = book.account()
  if (account === undefined || isOver()) return
  const input = { id: account.workflows[workflow], input_data: { name, outside: `http://${outside}` } }
  const reply = await server.call(account.token, 'workflows.execute', { ...input, request_id: name })
  if (isOver()) return
  if (!reply.ok) throw new Error(`${name} was refused: ${JSON.stringify(reply.error)}`)
  const { execution_id } = reply.data as { execution_id: string }
  book.note({ is: 'started', name, execution_id })
}
