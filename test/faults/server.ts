import type { TestApp } from '../app.ts'
import { PASSWORD } from '../app.ts'
import { openBrokenSyncer } from './broken.ts'
import type { Defect } from './broken.ts'
import { openChance } from './chance.ts'
import { accountsIn, openClaims, readClaims } from './claims.ts'
import type { Account, Claim } from './claims.ts'
import { checkServer, openServer } from './server-check.ts'
import { travel, write } from './writers.ts'

/**
 * Opens the server on a folder, holds it against the claims of the processes before, and then writes and claims until it
 * is killed, or for a number of rounds. Words: folder, seed, users, rounds (0: until killed), defect. Prints a line when
 * it is ready and one when it has looked.
 */
const [root = '', seed = '0', users = '8', rounds = '0', defect = 'none'] = process.argv.slice(2)
const WRITERS_PER_USER = 2
/** A sign-in proves the account for five minutes; this leaves room for a round. */
const SIGN_IN_MS = 180_000
/** Whoever was to kill this process is gone by then. */
const LIFE_MS = 240_000
const chance = openChance(Number(seed))

/** Signs every user in who has not been lately; makes those who are missing, whenever the process before was killed. */
async function signIn(
  server: TestApp,
  known: readonly Account[],
  claim: (claim: Claim) => void,
): Promise<void> {
  const { connection } = server.app.kernel.store.reader
  for (let number = 0; number < Number(users); number += 1) {
    const email = `user${number}@example.org`
    const signed_in_at = Date.now()
    const before = known.find((account) => account.email === email)
    if (before !== undefined && signed_in_at - before.signed_in_at < SIGN_IN_MS) continue
    const exists = connection.all('SELECT id FROM users WHERE email = ?', [email]).length > 0
    if (!exists && number === 0) await server.claim(email)
    else if (!exists) await server.app.auth.addUser(email, PASSWORD)
    const { user_id, access_token } = await server.ask(undefined, 'auth.login', { email, password: PASSWORD })
    claim({ is: 'account', user_id, email, token: access_token, signed_in_at })
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

setTimeout(() => process.exit(4), LIFE_MS).unref()
const complain = (line: string): void => void process.stderr.write(`${line}\n`)
const server = await openServer(root, openBrokenSyncer(defect as Defect), complain, (error) => {
  complain(`fatal: ${String(error)}`)
  process.exit(3)
})
print('ready')
const claims = readClaims(root)
const problems = await checkServer(server, claims)
print(JSON.stringify({ checked: claims.length, problems: problems.slice(0, 5) }))
if (problems.length > 0) process.exit(1)

const claim = openClaims(root)
await signIn(server, accountsIn(claims), claim)
server.app.kernel.events.hear(({ user_id, seq, name }) => claim({ is: 'event', user_id, seq, name }))
let left = Number(rounds) === 0 ? Infinity : Number(rounds)
const more = (): boolean => (left -= 1) >= 0
const zones = new Map<string, number>()
for (const known of claims) if (known.is === 'zone') zones.set(known.user_id, known.change)
await Promise.all(
  accountsIn(readClaims(root)).flatMap((account, index) => [
    ...Array.from({ length: WRITERS_PER_USER }, (_, number) =>
      write({ server, account, claim, chance, name: `${seed}x${index}x${number}` }, more),
    ),
    travel({ server, account, claim, chance }, (zones.get(account.user_id) ?? -1) + 1, more),
  ]),
)
process.exit(0)
