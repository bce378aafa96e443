import { readDefinition } from './definition.ts'
import { Type } from 'typebox'
import type { Input } from '../../../contract/operation.ts'
import { workflows } from '../../../contract/workflows.ts'
import type { WorkflowDefinition } from '../../../contract/workflows.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { flawOf, keyOf } from '../agents/names.ts'
import type { Foreseen } from '../changes/impact.ts'
import type { Changes } from '../changes/index.ts'
import { isSame, refuseState } from '../changes/kinds.ts'
import type { Kind, Modify, State } from '../changes/kinds.ts'
import { workflowStore } from './store.ts'
import type { WorkflowRow, WorkflowTables } from './store.ts'

export const WORKFLOWS_MAX = 500
const FULL = `There are already ${WORKFLOWS_MAX} workflows.`

type Settable = Omit<Input<typeof workflows.update>, 'id'>

export interface CrudParts {
  changes: Changes
  /** @throws Fault `WORKFLOW_VALIDATION_FAILED` with everything that is wrong with a definition. */
  check(user_id: string, definition: unknown, db?: Pick<Tx, 'tables'>): Promise<void>
  /** Hears, in its transaction, of each workflow that is made, changed, switched, deleted or brought back. */
  changed(tx: Tx, row: WorkflowRow, definition: WorkflowDefinition): Promise<void>
}

/** Definitions have been found valid before. */
export interface Crud {
  /** @param id - of the new workflow, where something was foreseen for it. */
  create(tx: Tx, user_id: string, given: Input<typeof workflows.create>, id?: string): Promise<WorkflowRow>
  /** @param description - what it is called in the ledger. */
  update(tx: Tx, user_id: string, id: string, change: Settable, description?: string): Promise<WorkflowRow>
  remove(tx: Tx, user_id: string, id: string): Promise<void>
  /**
   * What a change would come to, a deletion without one, a creation without an id. Long work: before the transaction.
   *
   * @throws Fault `WORKFLOW_NOT_FOUND`
   */
  foresee(user_id: string, id: string | undefined, change: Partial<Settable> | undefined): Promise<Foreseen>
}

/** Changes of workflows: each is one modification that can be rolled back. */
export function openCrud(kernel: Kernel, { changes, check, changed }: CrudParts): Crud {
  const record = async (tx: Tx, description: string, target: WorkflowRow, before: State | undefined) => {
    const { user_id, id } = target
    const after = await readState(tx, user_id, id)
    if (isSame(before, after)) return
    const change = { user_id, type: 'workflow_change', kind: 'workflow', target: id, description } as const
    await changes.record(tx, { ...change, before, after, applied_by: user_id })
  }
  const crud: Crud = {
    create: async (tx, user_id, given, id = kernel.id()) => {
      const db = tx.tables<WorkflowTables>()
      if (await isFull(tx, user_id)) throw refused(FULL, '/name')
      const now = kernel.now()
      const { description = '', is_active = true } = given
      const row: WorkflowRow = {
        id,
        user_id,
        ...(await freeName(tx, user_id, given.name)),
        description,
        version: await addVersion(tx, user_id, id, given.definition),
        is_active: is_active ? 1 : 0,
        active_since: is_active ? now : null,
        created_at: now,
        updated_at: now,
        deleted_at: null,
        last_executed: null,
        execution_count: 0,
        finished_count: 0,
        completed_count: 0,
      }
      await workflowStore.insert(db, row)
      await record(tx, `Created the workflow ${row.name}.`, row, undefined)
      await changed(tx, row, given.definition)
      return row
    },
    update: async (tx, user_id, id, { name, description, definition, is_active }, said) => {
      const before = need(tx, user_id, id)
      const known = definitionOf(tx, before.version)
      const state = await readState(tx, user_id, id)
      const isNew = definition !== undefined && !isSame(known, definition)
      const after: WorkflowRow = {
        ...before,
        ...(name === undefined || name === before.name ? {} : await freeName(tx, user_id, name, id)),
        description: description ?? before.description,
        version: isNew ? await addVersion(tx, user_id, id, definition) : before.version,
        ...activity(before, is_active ?? before.is_active !== 0, kernel.now()),
        updated_at: kernel.now(),
      }
      await workflowStore.update(tx.tables<WorkflowTables>(), user_id, id, after)
      await record(tx, said ?? `Changed the workflow ${before.name}.`, after, state)
      await changed(tx, after, definition ?? known)
      return after
    },
    remove: async (tx, user_id, id) => {
      const before = need(tx, user_id, id)
      const state = await readState(tx, user_id, id)
      const after = { ...before, deleted_at: kernel.now() }
      await workflowStore.update(tx.tables<WorkflowTables>(), user_id, id, { deleted_at: after.deleted_at })
      await record(tx, `Deleted the workflow ${before.name}.`, after, state)
      await changed(tx, after, definitionOf(tx, before.version))
    },
    foresee: openForeseeing(kernel, changes),
  }
  changes.register('workflow', {
    ...workflowKind(kernel, changed),
    checkMixed: (db, user_id, _id, { definition }) => check(user_id, definition, db),
    modify: workflowModify(kernel, check, crud),
  })
  return crud
}

/** Works out what a change of a workflow would come to. */
function openForeseeing(kernel: Kernel, changes: Changes): Crud['foresee'] {
  return async (user_id, id, change) => {
    const { reader } = kernel.store
    const before = id === undefined ? NEW : await readState(reader, user_id, need(reader, user_id, id).id)
    const after = change === undefined ? undefined : { ...before, ...saidIn(change) }
    const states = { before: id === undefined ? undefined : before, after }
    return changes.assess({ user_id, kind: 'workflow', target: id ?? kernel.id(), ...states })
  }
}

/** What a new workflow is where nothing is said of it. */
const NEW: State = { description: '', is_active: true }

/** The fields that are said. */
function saidIn(change: Partial<Settable>): State {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}

const { id: _named, ...settable } = workflows.update.input.properties
/** The whole of it, as a modification may leave it. */
const STATE = Type.Required(Type.Object(settable), { additionalProperties: false })

function workflowModify(kernel: Kernel, check: CrudParts['check'], crud: Pick<Crud, 'update'>): Modify {
  return {
    type: 'workflow_change',
    all: async (db, user_id) => {
      const rows = await workflowStore.list(db.tables<WorkflowTables>(), user_id)
      return rows.map((row) => [row.id, stateOf(row, row.definition)])
    },
    find: ({ user_id }, ref) => need(kernel.store.reader, user_id, ref ?? '').id,
    check: async ({ user_id }, _id, wanted) => {
      refuseState(STATE, wanted)
      await check(user_id, wanted['definition'])
    },
    apply: async (tx, user_id, id, wanted, description) => {
      await crud.update(tx, user_id, id, wanted, description)
    },
  }
}

/** @throws Fault `WORKFLOW_NOT_FOUND`, the same for a workflow of somebody else. */
export function need(db: Pick<Tx, 'connection'>, user_id: string, id: string): WorkflowRow {
  const row = workflowStore.find(db.connection, user_id, id)
  if (row === undefined) throw new Fault('WORKFLOW_NOT_FOUND', `There is no workflow ${id}.`, { id })
  return row
}

export function definitionOf(db: Pick<Tx, 'connection'>, version: number): WorkflowDefinition {
  const row = workflowStore.version(db.connection, version)
  return readDefinition(row?.definition ?? '')
}

/** How a workflow is read and put back. */
function workflowKind(kernel: Kernel, changed: CrudParts['changed']): Kind {
  return {
    read: readState,
    called: async (db, user_id, id) => {
      const row = await workflowStore.anyById(db.tables<WorkflowTables>(), user_id, id)
      return row && `workflow ${row.name}`
    },
    isKept: async (db, user_id, id) =>
      (await workflowStore.anyById(db.tables<WorkflowTables>(), user_id, id)) !== undefined,
    isFree: async (db, user_id, id, state) => {
      const tables = db.tables<WorkflowTables>()
      const row = await workflowStore.anyById(tables, user_id, id)
      if (row !== undefined && row.deleted_at !== null && (await isFull(db, user_id))) return false
      const other = await workflowStore.byName(tables, user_id, keyOf(String(state['name'])))
      return other === undefined || other.id === id
    },
    restore: async (tx, user_id, id, state) => {
      const db = tx.tables<WorkflowTables>()
      const before = await workflowStore.anyById(db, user_id, id)
      if (before === undefined) throw new Fault('ROLLBACK_FAILED', `There is no workflow ${id}.`)
      const after = await restored(kernel, tx, before, state)
      await workflowStore.update(db, user_id, id, after)
      await changed(tx, after, definitionOf(tx, after.version))
    },
  }
}

async function isFull(tx: Pick<Tx, 'tables'>, user_id: string): Promise<boolean> {
  const { total_count } = await workflowStore.counts(tx.tables<WorkflowTables>(), user_id)
  return total_count >= WORKFLOWS_MAX
}

async function restored(
  kernel: Kernel,
  tx: Tx,
  before: WorkflowRow,
  state: State | undefined,
): Promise<WorkflowRow> {
  const now = kernel.now()
  if (state === undefined) return { ...before, deleted_at: now }
  const { user_id, id } = before
  const { name, description, definition, is_active } = state
  const name_key = keyOf(String(name))
  const other = await workflowStore.byName(tx.tables<WorkflowTables>(), user_id, name_key)
  if (other !== undefined && other.id !== id)
    throw new Fault('ROLLBACK_FAILED', `Another workflow has the name ${String(name)} by now.`, {
      conflicts: [{ kind: 'workflow', id: other.id, field: 'name' }],
    })
  if (before.deleted_at !== null && (await isFull(tx, user_id))) throw new Fault('ROLLBACK_FAILED', FULL)
  const isKnown = isSame(definitionOf(tx, before.version), definition as State)
  return {
    ...before,
    name: String(name),
    name_key,
    description: String(description),
    version: isKnown ? before.version : await addVersion(tx, user_id, id, definition as WorkflowDefinition),
    ...activity(before, is_active === true, now),
    deleted_at: null,
    updated_at: now,
  }
}

/** Times of a schedule count from when a workflow was switched on. */
function activity(before: WorkflowRow, is_active: boolean, now: string) {
  const wasActive = before.is_active !== 0 && before.deleted_at === null
  return {
    is_active: is_active ? 1 : 0,
    active_since: is_active ? (wasActive ? before.active_since : now) : null,
  }
}

function addVersion(
  tx: Tx,
  user_id: string,
  workflow_id: string,
  definition: WorkflowDefinition,
): Promise<number> {
  const row = { user_id, workflow_id, definition: JSON.stringify(definition) }
  return workflowStore.addVersion(tx.tables<WorkflowTables>(), row)
}

/** Everything of a workflow that a change can bring back; a deleted one is not there. */
async function readState(db: Pick<Tx, 'tables'>, user_id: string, id: string): Promise<State | undefined> {
  const row = await workflowStore.stated(db.tables<WorkflowTables>(), user_id, id)
  return row === undefined || row.deleted_at !== null ? undefined : stateOf(row, row.definition)
}

function stateOf(
  { name, description, is_active }: Pick<WorkflowRow, 'name' | 'description' | 'is_active'>,
  definition: string,
): State {
  return {
    name,
    description,
    definition: readDefinition(definition),
    is_active: is_active !== 0,
  }
}

async function freeName(
  tx: Tx,
  user_id: string,
  wanted: string,
  own?: string,
): Promise<Pick<WorkflowRow, 'name' | 'name_key'>> {
  const flaw = flawOf(wanted)
  if (flaw !== undefined) throw refused(flaw.text, '/name')
  const name = wanted.trim()
  const name_key = keyOf(name)
  const other = await workflowStore.byName(tx.tables<WorkflowTables>(), user_id, name_key)
  if (other === undefined || other.id === own) return { name, name_key }
  throw refused(`Another workflow has the name ${name}.`, '/name', 409)
}

function refused(message: string, path: string, status = 422): Fault {
  return new Fault(
    'WORKFLOW_VALIDATION_FAILED',
    message,
    { errors: [{ path, code: 'NAME', message }] },
    { status },
  )
}
