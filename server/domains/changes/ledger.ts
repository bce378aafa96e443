import type { Input } from '../../../contract/operation.ts'
import type { SystemModification, system } from '../../../contract/system.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { maskSecrets } from '../../kernel/mask.ts'
import { proofOf } from '../../kernel/proof.ts'
import type { Reader, Tx } from '../../kernel/store/store.ts'
import { storedFields } from '../../kernel/stored.ts'
import { openTurns } from '../../kernel/turns.ts'
import { findConflicts } from './conflicts.ts'
import { isUndone } from './effect.ts'
import { NO_IMPACT, UNASSESSED } from './impact.ts'
import type { Assessing } from './assess.ts'
import type { Assessment, Change, Foreseen } from './impact.ts'
import { readState, toText } from './kinds.ts'
import type { Kind, State } from './kinds.ts'
import { diff } from './patch.ts'
import type { Reverted } from './patch.ts'
import { note } from './recorded.ts'
import { headMac, sealOf } from './signed.ts'
import type { StateHash } from './state-hash.ts'
import type { Summarising } from './summary.ts'
import { changeStore } from './store.ts'
import type { ChangeTables, ModificationRow } from './store.ts'
import { refuseControl } from './words.ts'

/** A configuration change to be recorded in the transaction that makes it. */
export interface NewModification {
  user_id: string
  type: ModificationRow['type']
  kind: string
  target: string
  description: string
  before: State | undefined
  after: State | undefined
  applied_by: string
}

/** Characters of what was signed that are kept with each change. */
const INPUT_MAX = 65_536

/** Changes that are looked through for the newest that can be taken back. */
const SEARCHED_MAX = 500

/**
 * The object of a change as it is, and as it would be without the change, or where something later stands in the way; `wrong`
 * says why that could not be. What was deleted long ago is gone for good. With `known` the object is taken to be like that.
 */
export type Without = (
  db: Pick<Reader, 'tables'>,
  row: ModificationRow,
  known?: { state: State | undefined },
) => Promise<{ now: State | undefined; isGone: boolean; wrong?: string } & Reverted>

/** Whether a change can be taken back as everything is now. */
export function isPossible(without: Awaited<ReturnType<Without>>): boolean {
  return 'state' in without && !without.isGone && without.wrong === undefined
}

export interface Ledger {
  /** Records a configuration change; answers its id. */
  record(tx: Tx, modification: NewModification): Promise<string>
  /** Takes configuration changes back; answers the change that did it, of several the last. */
  rollBack(
    tx: Tx,
    user_id: string,
    wanted: Input<typeof system.rollback>,
    by: string,
  ): Promise<SystemModification>
  /** Brings back an object that was deleted last of all. @throws Fault `VALIDATION_ERROR` (404) */
  bringBack(tx: Tx, user_id: string, kind: string, target: string): Promise<SystemModification>
  /** What taking changes back would come to. Long work: before the transaction. */
  foresee(user_id: string, wanted: Input<typeof system.rollback>): Promise<Foreseen[]>
}

interface LedgerParts {
  /** Whether what a row says of its object can be read. */
  isReadable: (row: ModificationRow) => boolean
  kind: (name: string) => Kind
  without: Without
  summarise: Summarising
  hash: StateHash
  assess: Assessing['assess']
  /** Hears of each change in its transaction. */
  recorded: (tx: Tx, change: Pick<ModificationRow, 'id' | 'user_id'>) => void
  assessmentOf: (tx: Tx, change: Omit<Change, 'user_id'>) => Assessment | undefined
}

export function openLedger(kernel: Kernel, parts: LedgerParts): Ledger {
  const { without } = parts
  const record = openRecording(kernel, parts)
  const find = openFinding(kernel, without)
  const takeBack = openTakingBack(kernel, parts, record)
  return {
    record: async (tx, modification) => (await record(tx, modification, null)).id,
    bringBack: async (tx, user_id, name, target) => {
      const db = tx.tables<ChangeTables>()
      const [newest] = await changeStore.modifications(db, user_id, { target, limit: 1 })
      const row = newest && (await changeStore.modification(db, user_id, newest.id))
      if (row !== undefined && row.kind === name && row.after_state === null)
        return takeBack(tx, row, '', user_id)
      const text = `There is no deleted ${name} ${target}.`
      throw new Fault('VALIDATION_ERROR', text, { kind: name, id: target }, { status: 404 })
    },
    foresee: openForesight(kernel, find, parts),
    rollBack: async (tx, user_id, { modification_id, steps = 1, reason }, by) => {
      refuseSteps(modification_id, steps)
      refuseControl(reason, 'reason')
      const why = reason === undefined ? '' : ` Reason: ${reason}`
      const take = async (id?: string): Promise<SystemModification> => {
        const row = await find(tx, user_id, id)
        if (row !== undefined) return takeBack(tx, row, why, by)
        const details = { modification_id: id ?? null }
        throw new Fault('VALIDATION_ERROR', 'There is no such change.', details, { status: 404 })
      }
      const breathe = openTurns(kernel.clock)
      let made = await take(modification_id)
      for (let step = 1; step < steps; step += 1) {
        await breathe()
        made = await take()
      }
      return made
    },
  }
}

type Recording = (
  tx: Tx,
  modification: NewModification,
  rolls_back: string | null,
) => Promise<ModificationRow>

/** Puts changes into the ledger, with what proves them and what they come to. */
function openRecording(
  kernel: Kernel,
  { hash, assessmentOf, recorded }: Pick<LedgerParts, 'hash' | 'assessmentOf' | 'recorded'>,
): Recording {
  return async (tx, { before, after, ...given }, rolls_back) => {
    const { passkey_id = null, evidence = null, input } = proofOf(tx) ?? {}
    const asked = evidence === null ? '' : JSON.stringify(input ?? null)
    const assessment = assessmentOf(tx, { ...given, before, after })
    const db = tx.tables<ChangeTables>()
    const ordinal = ((await changeStore.head(db, given.user_id))?.ordinal ?? 0) + 1
    const head = { user_id: given.user_id, ordinal, uncounted: '' }
    const said = {
      ...given,
      ordinal,
      id: kernel.id(),
      before_state: toText(before),
      after_state: toText(after),
      applied_at: kernel.now(),
      rolled_back_by: null,
      rolls_back,
      passkey_id,
      evidence,
      // Of a large one, such as an import that makes hundreds of things, each would keep a copy; and a secret is kept by
      // the vault alone, which can destroy it.
      signed_input:
        evidence === null || asked.length > INPUT_MAX || holdsSecret(input)
          ? null
          : kernel.keys.wrap('evidence', Buffer.from(asked), `input ${given.user_id}`),
      impact: assessment === undefined ? null : JSON.stringify(assessment),
      state_hash: await hash.after(tx, { ...given, before, after }),
    }
    const row: ModificationRow = { ...said, seal: sealOf(kernel.keys, said) }
    note(tx, { ...given, before, after, id: row.id, assessment })
    await changeStore.insertModification(db, row)
    await changeStore.putHead(db, { ...head, mac: headMac(kernel.keys, head) })
    recorded(tx, row)
    return row
  }
}

function holdsSecret(input: unknown): boolean {
  return JSON.stringify(maskSecrets(input)) !== JSON.stringify(input)
}

/** What is taken to be taken back already: the changes, and how that left their objects, by kind and target. */
interface Taken {
  ids: Set<string>
  states: Map<string, State | undefined>
}

/** Finds the named change, or the newest that can be taken back and is no rollback itself. */
type Finding = (
  tx: Pick<Reader, 'tables'>,
  user_id: string,
  id: string | undefined,
  taken?: Taken,
) => Promise<ModificationRow | undefined>

function openFinding({ clock }: Pick<Kernel, 'clock'>, without: Without): Finding {
  return async (tx, user_id, id, taken) => {
    const db = tx.tables<ChangeTables>()
    const newest = { rollbacks: false, limit: SEARCHED_MAX }
    const breathe = openTurns(clock)
    if (id !== undefined) return changeStore.modification(db, user_id, id)
    for (const listed of await changeStore.modifications(db, user_id, newest)) {
      await breathe()
      if (taken?.ids.has(listed.id) === true || (await isUndone(db, listed))) continue
      const row = await changeStore.modification(db, user_id, listed.id)
      if (row !== undefined && isPossible(await without(tx, row, leftIn(taken, row)))) return row
    }
    return undefined
  }
}

/** @throws Fault `VALIDATION_ERROR` when several steps are to go back from one that is named. */
function refuseSteps(modification_id: string | undefined, steps: number): void {
  if (modification_id === undefined || steps === 1) return
  throw new Fault('VALIDATION_ERROR', 'A named change is rolled back alone, without steps.', {
    issues: [{ path: '/steps', message: 'must not be given with modification_id' }],
  })
}

function leftIn(taken: Taken | undefined, { kind, target }: ModificationRow) {
  const key = `${kind} ${target}`
  return taken?.states.has(key) === true ? { state: taken.states.get(key) } : undefined
}

/** Works out what rollbacks would come to, each on what the one before it would leave of its object. */
function openForesight(
  { store: { reader } }: Kernel,
  find: Finding,
  { without, assess }: Pick<LedgerParts, 'without' | 'assess'>,
): Ledger['foresee'] {
  return async (user_id, { modification_id, steps = 1 }) => {
    refuseSteps(modification_id, steps)
    const taken: Taken = { ids: new Set(), states: new Map() }
    const foreseen: Foreseen[] = []
    for (let step = 0; step < steps; step += 1) {
      const row = await find(reader, user_id, modification_id, taken)
      // A step may make room for the next one in another object: that is not foreseen.
      if (row === undefined) break
      const {
        now: before,
        isGone: _gone,
        wrong: _wrong,
        ...reverted
      } = await without(reader, row, leftIn(taken, row))
      // The rollback itself says what stands in the way.
      if ('conflicts' in reverted) break
      const { kind, target } = row
      foreseen.push(await assess({ user_id, kind, target, before, after: reverted.state }))
      taken.ids.add(row.id)
      taken.states.set(`${kind} ${target}`, reverted.state)
    }
    return foreseen
  }
}

/** Takes one change back, as a change itself. */
function openTakingBack(
  { clock }: Pick<Kernel, 'clock'>,
  {
    kind,
    without,
    summarise,
    isReadable,
  }: Pick<LedgerParts, 'kind' | 'without' | 'summarise' | 'isReadable'>,
  record: Recording,
) {
  return async (tx: Tx, row: ModificationRow, reason: string, by: string): Promise<SystemModification> => {
    const db = tx.tables<ChangeTables>()
    const breathe = openTurns(clock)
    if (!isReadable(row)) throw new Fault('ROLLBACK_FAILED', 'What was recorded of this change is damaged.')
    const { lists = [] } = kind(row.kind)
    const { now, isGone: _gone, wrong, ...reverted } = await without(tx, row)
    if ('conflicts' in reverted) {
      const conflicts = await findConflicts(db, row, lists, breathe, reverted.conflicts)
      throw new Fault('ROLLBACK_FAILED', 'A later change of the same thing stands in the way.', { conflicts })
    }
    if (wrong !== undefined)
      throw new Fault('ROLLBACK_FAILED', `Without it the rest is invalid: ${wrong}`, {
        conflicts: await findConflicts(db, row, lists, breathe),
      })
    const { user_id, type, kind: name, target } = row
    const states = { before: now, after: reverted.state }
    try {
      await kind(name).restore(tx, user_id, target, states.after)
    } catch (error) {
      // What is left would contradict itself.
      if (!(error instanceof Fault) || error.name === 'ROLLBACK_FAILED') throw error
      throw new Fault('ROLLBACK_FAILED', error.message, {
        conflicts: await findConflicts(db, row, lists, breathe),
      })
    }
    const description = `Rolled back: ${row.description}${reason}`.slice(0, 500)
    const change = { user_id, type, kind: name, target, description, ...states, applied_by: by }
    const made = await record(tx, change, row.id)
    await changeStore.markRolledBack(db, user_id, row.id, made.id)
    return toModification(made, true, await summarise(tx, made))
  }
}

/** The ledger's row as the contract shows it, the values of secrets masked. */
export function toModification(
  row: ModificationRow,
  rollback_available: boolean,
  summary: string,
): SystemModification {
  const before = maskSecrets(readState(row.before_state))
  const after = maskSecrets(readState(row.after_state))
  const { impact, impact_assessment } = storedFields<Partial<Assessment>>(row.impact ?? '{}') ?? {}
  const isAssessed = typeof impact === 'object' && typeof impact_assessment === 'string'
  return {
    id: row.id,
    type: row.type,
    description: row.description,
    before_state: before ?? {},
    after_state: after ?? {},
    applied_by: row.applied_by,
    applied_at: row.applied_at,
    rollback_available,
    ...(isAssessed ? { impact: { ...NO_IMPACT, ...impact }, impact_assessment } : UNASSESSED),
    target: { kind: row.kind as SystemModification['target']['kind'], id: row.target },
    patch: diff(before, after),
    proof: row.passkey_id,
    state_hash: row.state_hash ?? '',
    rolls_back: row.rolls_back,
    rolled_back_by: row.rolled_back_by,
    summary,
  }
}
