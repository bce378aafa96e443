import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signChallenge } from '../sdk/authenticator.ts'
import type { Assertion } from '../sdk/authenticator.ts'
import type { App } from '../server/app.ts'
import { withLent } from '../server/domains/egress/lent.ts'
import type { Store } from '../server/kernel/store/store.ts'
import { openBenchApp } from './http/app.ts'
import { countRows, perRequest } from './http/rows.ts'
import type { Counts } from './http/rows.ts'
import { finish, report } from './report.ts'
import { Control } from './vault/control.ts'
import { ORIGIN, PAGE, perform, prepare, proofFor } from './vault/scene.ts'
import type { Scene } from './vault/scene.ts'

/**
 * Showing a secret for a fresh proof of a passkey, by the whole pipeline, and lending one to an agent that puts it into a
 * request, against a control that is written by hand, does the same cryptography and writes the same rows. Challenges are
 * asked for and signed beforehand. Rounds alternate.
 */
const ROUNDS = 21
/** Pairs that only warm both up. */
const UNCOUNTED = 4
/** What is asked at the same time, and by each of these in a round. */
const LANES = 16
const SIZES = { reveal: 10, use: 60 } as const
const LEAST = { reveal: 0.5, use: 0.7 } as const
/** Rows that the product may touch and the control not, for each that is asked. */
const MOST_TOUCHED_MORE = 0.1

const HEADERS = { accept: 'application/json' } as const

type Kind = keyof typeof SIZES

interface Side {
  store: Store
  credentials: readonly string[]
  flush(): Promise<void>
  /** What the passkey signs for a secret that is to be shown. */
  prove(id: string): Promise<Assertion>
  reveal(id: string, proof: Assertion): Promise<object>
  /** The headers of a request that a secret was put into. */
  use(id: string): Promise<object>
}
interface Figures {
  per_s: number
  written: Counts
  sample: object
}

const folder = mkdtempSync(join(tmpdir(), 'paios-bench-'))
try {
  const places = await prepare(folder)
  const { scene } = places
  const app = await openBenchApp(places.ours)
  const control = new Control(places.control, scene)
  const sides = [ourSide(app, scene), controlSide(control, scene)] as const
  console.log(`${LANES} at a time, of ${scene.credentials.length} secrets`)
  for (const kind of ['reveal', 'use'] as const) await compare(kind, sides)
  await app.close(0)
  await control.close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
finish()

function ourSide(app: App, scene: Scene): Side {
  const { kernel, vault } = app
  const { user_id, agent_id, token } = scene
  const lend = (asked: { credential_id: string; origin: string }) =>
    vault.lend({ user_id, agent_id, ...asked, lent: () => {} })
  const url = new URL(`${ORIGIN}/me`)
  const hop = { method: 'GET', url, headers: HEADERS, body: undefined }
  return {
    store: kernel.store,
    credentials: scene.credentials,
    flush: () => kernel.audit.flush(),
    prove: (id) => proofFor(app, scene, 'credentials.get', { id }),
    reveal: (id, proof) => perform(app, token, 'credentials.get', { id }, proof),
    use: async (credential_id) => {
      const asked = { url: url.href, credential_id }
      const sent = await withLent(hop, asked, { lend }, kernel)
      return sent.hop.headers
    },
  }
}

function controlSide(control: Control, { key, credentials }: Scene): Side {
  return {
    store: control.store,
    credentials,
    flush: () => control.audit.flush(),
    prove: (id) =>
      Promise.resolve(
        signChallenge(key, { challenge: control.challenge(id), rp_id: new URL(PAGE).hostname }),
      ),
    reveal: (id, proof) => control.reveal(id, proof),
    use: (id) => control.lend(id, ORIGIN, HEADERS),
  }
}

async function compare(kind: Kind, [ours, control]: readonly [Side, Side]): Promise<void> {
  const pairs: [Figures, Figures][] = []
  for (let at = 0; at < UNCOUNTED + ROUNDS; at += 1) {
    const first = at % 2 === 0 ? ours : control
    const one = await run(first, kind, at)
    const other = await run(first === ours ? control : ours, kind, at)
    pairs.push(first === ours ? [one, other] : [other, one])
  }
  const counted = pairs.slice(UNCOUNTED)
  for (const [mine, theirs] of counted) mustBeAlike(kind, mine, theirs)
  const [mine] = counted[0] ?? []
  const rows = Object.entries(mine?.written.tables ?? {}).map(([table, count]) => `${table} ${count}`)
  console.log(
    `${kind}: rows that come with each, on both sides: ${rows.join(', ') || 'none'}; ${mine?.written.touched} touched in all`,
  )
  report(
    `${kind}s/s`,
    counted.map(([one, two]) => [one.per_s, two.per_s]),
    { least: LEAST[kind] },
  )
}

async function run(side: Side, kind: Kind, round: number): Promise<Figures> {
  const total = LANES * SIZES[kind]
  const { credentials } = side
  const idOf = (at: number): string => credentials[(round * total + at) % credentials.length] ?? ''
  const lanes = Array.from({ length: LANES }, (_, lane) =>
    Array.from({ length: SIZES[kind] }, (_each, at) => idOf(lane * SIZES[kind] + at)),
  )
  const proofs = new Map<string, Assertion>()
  if (kind === 'reveal') for (const id of lanes.flat()) proofs.set(id, await side.prove(id))
  const once = (id: string): Promise<object> => {
    const proof = proofs.get(id)
    return proof === undefined ? side.use(id) : side.reveal(id, proof)
  }
  await side.flush()
  const before = await countRows(side.store)
  const started = performance.now()
  const samples = await Promise.all(lanes.map((ids) => oneByOne(ids, once)))
  await side.store.settled()
  const per_s = total / ((performance.now() - started) / 1000)
  await side.flush()
  const after = await countRows(side.store)
  const [sample = {}] = samples
  return { per_s, written: perRequest(before, after, total), sample }
}

async function oneByOne(
  ids: readonly string[],
  once: (id: string) => Promise<object>,
): Promise<object | undefined> {
  let answer: object | undefined
  for (const id of ids) answer = await once(id)
  return answer
}

/** A control that wrote less, or answered something else, would prove nothing. */
function mustBeAlike(kind: Kind, mine: Figures, theirs: Figures): void {
  const [one, two] = [mine.written.tables, theirs.written.tables].map((tables) => JSON.stringify(tables))
  if (one !== two) throw new Error(`${kind}: the control does not write the same rows: ${one} against ${two}`)
  const more = mine.written.touched - theirs.written.touched
  if (more < 0 || more > MOST_TOUCHED_MORE)
    throw new Error(`${kind}: the product touches ${more} rows more than the control`)
  const [answer, other] = [mine.sample, theirs.sample].map(withoutTimes)
  if (answer !== other)
    throw new Error(`${kind}: the control answers something else: ${answer} against ${other}`)
}

/** Both sides show the same secrets the same number of times: nothing but the time of the last use differs. */
function withoutTimes(answer: object): string {
  return JSON.stringify(answer).replace(/"last_used":"[^"]*"/, '"last_used":"<time>"')
}
