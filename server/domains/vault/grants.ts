import type { Kysely } from 'kysely'
import type { Input } from '../../../contract/operation.ts'
import { credentials } from '../../../contract/credentials.ts'
import type { Destination, Grant } from '../../../contract/credentials.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import { canonical } from '../../kernel/canonical.ts'
import { iso } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import { isFreeHeader } from '../../kernel/header-names.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { LIMIT_DEFAULT, fromCursor, toPage } from '../../kernel/paging.ts'
import { SECRET_CHARACTERS_MIN } from '../../kernel/redact.ts'
import type { Reader, Tx } from '../../kernel/store/store.ts'
import type { Changes } from '../changes/index.ts'
import type { Kind, State } from '../changes/kinds.ts'
import { toData } from './safe.ts'
import type { Safe } from './safe.ts'
import { LATEST } from './changing.ts'
import { vaultStore } from './store.ts'
import type { CredentialRow, GrantRow, VaultTables } from './store.ts'
import { knownOf } from './view.ts'

/** An agent as a grant knows it. */
export interface Grantee {
  id: string
  agent_number: number
  name: string
}

export interface GrantParts {
  changes: Pick<Changes, 'record' | 'register'>
  agentOf: (tx: Pick<Reader, 'connection'>, user_id: string, ref: string) => Grantee | undefined
  safe: Safe
  /** Why nothing would come of a grant, as everything is set up now. */
  findDoubts: (user_id: string, given: Input<typeof credentials.grant>) => Promise<string[]>
}

export interface Grants {
  answers: Answers
  readonly grant: Granting
  /** Where an agent may send a credential now. */
  destinations(user_id: string, agent_id: string, credential_id: string, now: number): Promise<Destination[]>
  /** The names of the agents that may use a credential. */
  usersOf(tx: Tx, user_id: string, credential_id: string): Promise<string[]>
  /** Takes back all grants of a credential that goes; what they said can no longer be true. */
  drop(tx: Tx, user_id: string, credential_id: string): Promise<void>
}

/** Grants that one agent may have. */
const GRANTS_MAX = 200

/** Who may use what: made by the user with a passkey, changed and taken back like any other configuration. */
export function openGrants(kernel: Kernel, parts: GrantParts): Grants {
  const { reader } = kernel.store
  const rows = openRows(kernel, parts)
  const grant = openGranting(kernel, parts, rows)
  parts.changes.register('grant', grantKind(kernel, parts, rows))
  return {
    destinations: async (user_id, agent_id, credential_id, now) => {
      const db = reader.tables<VaultTables>()
      const found = await rows.held(db, await vaultStore.grantsFor(db, { user_id, agent_id, credential_id }))
      return found
        .filter((row) => row.expires_at === null || Date.parse(row.expires_at) > now)
        .flatMap((row) => JSON.parse(row.destinations) as Destination[])
    },
    usersOf: async (tx, user_id, credential_id) => {
      const found = await vaultStore.grants(tx.tables<VaultTables>(), user_id, {
        credential_id,
        limit: GRANTS_MAX,
      })
      const names = found.map((row) => parts.agentOf(tx, user_id, row.agent_id)?.name)
      return [...new Set(names.filter((name) => name !== undefined))]
    },
    drop: async (tx, user_id, credential_id) => {
      const db = tx.tables<VaultTables>()
      const next = () => vaultStore.grants(db, user_id, { credential_id, limit: GRANTS_MAX })
      for (let some = await next(); some.length > 0; some = await next())
        for (const row of some) await rows.revoke(tx, row, 'Took back a grant of a deleted credential.')
    },
    grant,
    answers: { ...listing(kernel, parts, rows), ...granting(parts, rows, grant) },
  }
}

type Rows = ReturnType<typeof openRows>

/** What the number of a grant is kept under. */
function pinOf(id: string): string {
  return `grant ${id}`
}

/** The rows of grants: under a MAC, so that nobody makes them in the database, and each change of them in the ledger. */
function openRows(kernel: Kernel, { changes, agentOf, safe }: GrantParts) {
  const macOf = (row: Omit<GrantRow, 'mac'>): string => {
    const { id, user_id, agent_id, credential_id, destinations, expires_at, revoked_at, number } = row
    const said = ['grant', id, user_id, agent_id, credential_id, destinations, expires_at, revoked_at]
    // Those from before rows were numbered have none.
    return kernel.keys.mac('vault', JSON.stringify(number === 0 ? said : [...said, number]))
  }
  /** Whether a row is as the server wrote it last: neither made, nor changed, nor put back by anybody else. */
  const holds = async (db: Db, row: GrantRow): Promise<boolean> =>
    row.mac === macOf(row) && row.number === ((await safe.pinned(db, row.user_id, pinOf(row.id))) ?? 0)
  const set = async (tx: Tx, given: Omit<GrantRow, 'mac' | 'number'>): Promise<GrantRow> => {
    const db = tx.tables<VaultTables>()
    const numbered = { ...given, number: await safe.pin(db, given.user_id, pinOf(given.id)) }
    const row = { ...numbered, mac: macOf(numbered) }
    await vaultStore.putGrant(db, row)
    return row
  }
  const record = async (tx: Tx, before: GrantRow | undefined, after: GrantRow, description: string) => {
    const { user_id, id: target } = after
    const what = { user_id, type: 'agent_config', kind: 'grant', target, description } as const
    const states = { before: stateOf(before), after: stateOf(after) }
    await changes.record(tx, { ...what, ...states, applied_by: user_id })
  }
  return {
    held: async (db: Db, rows: readonly GrantRow[]): Promise<GrantRow[]> => {
      const held: GrantRow[] = []
      for (const row of rows) if (await holds(db, row)) held.push(row)
      return held
    },
    set,
    /** Nothing of one that somebody else has written. */
    find: async (db: Pick<Reader, 'tables'>, user_id: string, id: string): Promise<GrantRow | undefined> => {
      const row = await vaultStore.findGrant(db.tables<VaultTables>(), user_id, id)
      return row !== undefined && (await holds(db.tables<VaultTables>(), row)) ? row : undefined
    },
    record,
    /** What somebody else has written goes for good: nothing may bring it back. */
    revoke: async (tx: Tx, row: GrantRow, description: string): Promise<void> => {
      const db = tx.tables<VaultTables>()
      if (await holds(db, row)) {
        await record(tx, row, await set(tx, { ...row, revoked_at: kernel.now() }), description)
        return
      }
      await vaultStore.deleteGrant(db, row.user_id, row.id)
      await safe.unpin(db, { id: pinOf(row.id), user_id: row.user_id })
    },
    /** The grant as it is shown; nothing of one that lends nothing. */
    show: async (db: Db, tx: Pick<Reader, 'connection'>, row: GrantRow): Promise<Grant | undefined> => {
      const agent = agentOf(tx, row.user_id, row.agent_id)
      const credential = await vaultStore.find(db, row.user_id, row.credential_id)
      if (agent === undefined || credential === undefined) return undefined
      const { id, credential_id, agent_id, created_at, expires_at } = row
      const isHeld = await holds(db, row)
      return {
        id,
        credential_id,
        service_name: knownOf(safe, credential)?.service_name ?? '',
        agent_id,
        agent_number: agent.agent_number,
        destinations: isHeld ? placesOf(row) : [],
        expires_at,
        created_at,
        ...(isHeld ? {} : { damaged: true }),
      }
    },
  }
}

function listing({ store: { reader } }: Kernel, { agentOf }: GrantParts, { show }: Rows): Answers {
  return {
    [credentials.grants.name]: reads(
      credentials.grants,
      async ({ user_id }, { agent_number, credential_id, limit = LIMIT_DEFAULT, cursor }) => {
        const db = reader.tables<VaultTables>()
        const agent = agent_number === undefined ? undefined : agentOf(reader, user_id, String(agent_number))
        if (agent_number !== undefined && agent === undefined) return { grants: [] }
        const before = cursor === undefined ? undefined : String(fromCursor(cursor))
        const filter = { agent_id: agent?.id, credential_id, before, limit: limit + 1 }
        const { rows, ...next } = toPage(await vaultStore.grants(db, user_id, filter), limit, ({ id }) => id)
        const shown = await Promise.all(rows.map((row) => show(db, reader, row)))
        return { grants: shown.filter((one) => one !== undefined), ...next }
      },
    ),
  }
}

/** Lets an agent use a credential, as its user has proven to want it. */
type Granting = (
  tx: Tx,
  user_id: string,
  now: number,
  given: Input<typeof credentials.grant>,
) => Promise<Grant>

function openGranting(kernel: Kernel, { agentOf, safe }: GrantParts, rows: Rows): Granting {
  return async (tx, user_id, now, { credential_id, agent_number, destinations, expires_at }) => {
    const db = tx.tables<VaultTables>()
    const agent = agentOf(tx, user_id, String(agent_number))
    if (agent === undefined)
      throw new Fault('AGENT_NOT_FOUND', `There is no agent ${agent_number}.`, { agent_number })
    const credential = await vaultStore.find(db, user_id, credential_id)
    if (credential === undefined) throw missing(`There is no credential ${credential_id}.`, { credential_id })
    const { service_name, sealed } = safe.aboutOf(credential)
    if (sealed === true)
      throw new Fault(
        'VALIDATION_ERROR',
        'Only a passkey of its user opens that credential: no agent can use it.',
        { credential_id, reason: 'sealed' },
        { status: 409 },
      )
    const places = destinations.map(checked)
    const end = endOf(expires_at, now)
    await checkLendable(safe, db, credential, places)
    const already = await vaultStore.grants(db, user_id, { agent_id: agent.id, limit: GRANTS_MAX })
    const wanted = { credential_id, destinations: JSON.stringify(places), expires_at: end }
    const same = (await rows.held(db, already)).find((row) => isAlike(row, wanted))
    const known = same && (await rows.show(db, tx, same))
    if (known !== undefined) return { ...known, warnings: ['The agent has that grant already.'] }
    if (already.length >= GRANTS_MAX)
      throw new Fault('VALIDATION_ERROR', `The agent has ${GRANTS_MAX} grants already.`, undefined, {
        status: 409,
      })
    const row = await rows.set(tx, {
      id: kernel.id(),
      user_id,
      agent_id: agent.id,
      ...wanted,
      created_at: kernel.now(),
      revoked_at: null,
    })
    await rows.record(tx, undefined, row, `Let ${agent.name} use the credential for ${service_name}.`)
    const made = await rows.show(db, tx, row)
    if (made === undefined) throw new Error('A grant could not be shown.')
    return made
  }
}

type Granted = Pick<GrantRow, 'credential_id' | 'destinations' | 'expires_at'>

/** Whether two grants of one agent let it do the same, in whatever order that is said. */
function isAlike(one: Granted, other: Granted): boolean {
  const places = ({ destinations }: Granted): string =>
    (JSON.parse(destinations) as Destination[]).map(canonical).toSorted().join(' ')
  return (
    one.credential_id === other.credential_id &&
    one.expires_at === other.expires_at &&
    places(one) === places(other)
  )
}

/** @throws Fault `VALIDATION_ERROR` for what a credential does not have, or is not lent of it. */
async function checkLendable(
  safe: Safe,
  db: Db,
  credential: CredentialRow,
  places: readonly Destination[],
): Promise<void> {
  const { value, additional_fields: fields = {} } = toData((await safe.open(db, credential)).secret)
  const issues = places.flatMap(({ field }, index) => {
    const path = field === undefined ? '/credential_id' : `/destinations/${index}/field`
    const secret = field === undefined ? value : Object.hasOwn(fields, field) ? fields[field] : undefined
    if (secret === undefined) return [{ path, message: 'is no field of the credential' }]
    const message = `is a secret of less than ${SECRET_CHARACTERS_MIN} characters, which is not lent`
    return secret.length < SECRET_CHARACTERS_MIN ? [{ path, message }] : []
  })
  const [first] = issues
  if (first === undefined) return
  throw new Fault('VALIDATION_ERROR', `${first.path} ${first.message}.`, { issues })
}

function granting({ agentOf, findDoubts }: GrantParts, rows: Rows, grant: Granting): Answers {
  return {
    [credentials.grant.name]: writes(credentials.grant, {
      prepare: ({ user_id }, given) => findDoubts(user_id, given),
      commit: async (tx, { user_id, now }, given, doubts) => {
        const { warnings = [], ...made } = await grant(tx, user_id, now, given)
        const told = [...warnings, ...doubts]
        return told.length === 0 ? made : { ...made, warnings: told }
      },
    }),
    [credentials.revoke.name]: writes(credentials.revoke, {
      commit: async (tx, { user_id }, { id }) => {
        const row = await vaultStore.findGrant(tx.tables<VaultTables>(), user_id, id)
        if (row === undefined || row.revoked_at !== null) throw missing(`There is no grant ${id}.`, { id })
        const name = agentOf(tx, user_id, row.agent_id)?.name ?? 'an agent'
        await rows.revoke(tx, row, `Took a credential back from ${name}.`)
        return {}
      },
    }),
  }
}

function missing(text: string, details: Record<string, unknown>): Fault {
  return new Fault('VALIDATION_ERROR', text, details, { status: 404 })
}

type Db = Kysely<VaultTables>

/** How a grant is read and put back. */
function grantKind(kernel: Kernel, { agentOf }: Pick<GrantParts, 'agentOf'>, { find, set }: Rows): Kind {
  return {
    read: async (db, user_id, id) => stateOf(await find(db, user_id, id)),
    isKept: async (db, user_id, id) => (await find(db, user_id, id)) !== undefined,
    isFree: async (db, user_id, _id, { credential_id, agent_id }) => {
      const tables = db.tables<VaultTables>()
      const others = await vaultStore.grants(tables, user_id, {
        agent_id: String(agent_id),
        limit: GRANTS_MAX,
      })
      const credential = await vaultStore.find(tables, user_id, String(credential_id))
      return credential !== undefined && others.length < GRANTS_MAX
    },
    restore: async (tx, user_id, id, state) => {
      const row = await find(tx, user_id, id)
      if (row === undefined) throw new Fault('ROLLBACK_FAILED', `There is no grant ${id}.`)
      const { mac: _mac, number: _number, ...known } = row
      if (state === undefined) return void (await set(tx, { ...known, revoked_at: kernel.now() }))
      const { credential_id, destinations, expires_at } = state
      const credential = await vaultStore.find(tx.tables<VaultTables>(), user_id, String(credential_id))
      if (credential === undefined || agentOf(tx, user_id, row.agent_id) === undefined)
        throw new Fault('ROLLBACK_FAILED', 'The credential or the agent of the grant is no longer there.')
      const places = (destinations as Destination[]).map(checked)
      const after = { destinations: JSON.stringify(places), expires_at: expires_at as string | null }
      await set(tx, { ...known, ...after, revoked_at: null })
    },
  }
}

function stateOf(row: GrantRow | undefined): State | undefined {
  if (row === undefined || row.revoked_at !== null) return undefined
  const { agent_id, credential_id, expires_at } = row
  return { agent_id, credential_id, destinations: placesOf(row), expires_at }
}

function placesOf({ destinations }: Pick<GrantRow, 'destinations'>): Destination[] {
  return JSON.parse(destinations) as Destination[]
}

/** Printable, with the place of the secret once. */
const FORMAT = /^[\x20-\x7a\x7c\x7e]*\{\}[\x20-\x7a\x7c\x7e]*$/

/** @throws Fault `VALIDATION_ERROR` for what is no origin, or no place for a secret. */
function checked({ origin, in: where, name, ...more }: Destination, index: number): Destination {
  const url = URL.parse(origin)
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.username !== '' ||
    url.hostname.includes('*') ||
    url.origin !== origin.toLowerCase().replace(/\/$/, '')
  )
    throw wrong(index, 'origin', 'must be an origin such as https://api.example.com')
  if (where === 'header' && !isFreeHeader(name))
    throw wrong(index, 'name', 'is no header that may carry a secret')
  if (where === 'header' && /^webhook-signature$/i.test(name) && more.format !== undefined)
    throw wrong(index, 'format', 'cannot be given for what signs')
  if (more.format !== undefined && !FORMAT.test(more.format))
    throw wrong(index, 'format', 'must have {} once, in the place of the secret')
  return { origin: url.origin, in: where, name: where === 'header' ? name.toLowerCase() : name, ...more }
}

function wrong(index: number, field: string, message: string): Fault {
  const path = `/destinations/${index}/${field}`
  return new Fault('VALIDATION_ERROR', `${path} ${message}.`, { issues: [{ path, message }] })
}

/** @throws Fault `VALIDATION_ERROR` for a time that has passed, or is none. */
function endOf(time: string | undefined, now: number): string | null {
  if (time === undefined) return null
  const at = Date.parse(time)
  if (at > now && at <= LATEST) return iso(at)
  const issue = { path: '/expires_at', message: 'must be a time to come' }
  throw new Fault('VALIDATION_ERROR', `${issue.path} ${issue.message}.`, { issues: [issue] })
}
