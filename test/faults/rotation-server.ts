import { performAs } from '../../server/domains/changes/fixture.ts'
import { openSyncer } from '../../server/kernel/store/sync.ts'
import type { TestApp } from '../app.ts'
import { openChance } from './chance.ts'
import type { Chance } from './chance.ts'
import { ORIGIN, fillVault, findWrong, isQuiet, readBook, slotsOf } from './rotation-state.ts'
import type { RotationBook } from './rotation-state.ts'
import { openServer } from './server-check.ts'

/**
 * Opens the server on a folder and changes the key of its owner again and again until it is killed, while all secrets are
 * used. Words: folder, seed, what it is for, and a number: `fill` stores so many secrets and ends, `end` ends the change
 * that is under way and looks at everything, knowing of so many uses. Prints lines of JSON.
 */
const [root = '', seed = '0', task = 'turn', number = '0'] = process.argv.slice(2)
/** Whoever was to kill this process is gone by then. */
const LIFE_MS = 300_000
const READERS = 3
const LENDERS = 2
/** Users may not have more keys than the old and the new one. */
const KEYS_MAX = 2
/** Secrets that are sealed under another key than the newest. */
const LEFT = 'SELECT count(*) AS left FROM credentials WHERE user_id = ? AND key_id != ?'

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

setTimeout(() => process.exit(4), LIFE_MS).unref()
const complain = (line: string): void => void process.stderr.write(`${line}\n`)
const server = await openServer(root, openSyncer, complain, (error) => {
  complain(`fatal: ${String(error)}`)
  process.exit(3)
})
if (task === 'fill') await fillVault(server, root, Number(number))
else {
  const book = readBook(root)
  await server.app.begin()
  print({ ready: true })
  if (task === 'turn') await Promise.all([turnKeys(server, book), ...useAll(server, book)])
  const problems = (await isQuiet(server)) ? [] : ['a change of keys does not end']
  print({ problems: [...problems, ...(await findWrong(server, book, Number(number)))].slice(0, 5) })
}
await server.close()
process.exit(0)

/** Begins to change the key whenever it is not being changed. */
async function turnKeys(at: TestApp, book: RotationBook): Promise<never> {
  const { connection } = at.app.kernel.store.reader
  const { user_id, credentials } = book
  const leftNow = (): number =>
    Number(connection.all(LEFT, [user_id, slotsOf(at).of(user_id).at(-1)])[0]?.['left'])
  let due = leftNow()
  for (;;) {
    const keys = slotsOf(at).of(user_id)
    if (keys.length > KEYS_MAX) print({ problems: [`there are ${keys.length} keys`] })
    if (keys.length < KEYS_MAX && (await isQuiet(at))) {
      await performAs({ ...at, ann: { user_id, token: '' } }, { user_id }, 'credentials.rotate', {})
      due += credentials.length
    }
    const left = leftNow()
    print({ left, sealed: due - left, keys: keys.length })
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Uses one secret after the other, which must never fail. */
function useAll(at: TestApp, { user_id, agent_id, credentials }: RotationBook): Promise<never>[] {
  const granted = credentials.slice(0, 100)
  const reveal = async ({ id }: RotationBook['credentials'][number]) => {
    const shown = await performAs({ ...at, ann: { user_id, token: '' } }, { user_id }, 'credentials.get', {
      id,
    })
    return [shown.service_name, shown.credential_data.value]
  }
  const lend = async ({ id: credential_id }: RotationBook['credentials'][number]) => {
    let name = ''
    const use = { user_id, agent_id, credential_id, origin: ORIGIN, lent: (said: string) => (name = said) }
    const [lent] = await at.app.vault.lend(use)
    return [name, lent?.secret]
  }
  const go = async (
    among: RotationBook['credentials'],
    use: typeof reveal | typeof lend,
    chance: Chance,
  ): Promise<never> => {
    for (;;) {
      const one = among[chance.below(among.length)]
      if (one === undefined) throw new Error('There are no secrets.')
      const seen = await use(one).catch((error: unknown) => [String(error)])
      if (seen.join() !== [one.service_name, one.value].join())
        print({ problems: [`${one.service_name} was used as ${seen.join()}`] })
      else print({ read: true })
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }

  return [
    ...Array.from({ length: READERS }, (_, index) => go(credentials, reveal, chanceOf(index))),
    ...Array.from({ length: LENDERS }, (_, index) => go(granted, lend, chanceOf(READERS + index))),
  ]
}

function chanceOf(index: number): Chance {
  return openChance(Number(seed) * 16 + index)
}
