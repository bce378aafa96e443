import { readDefinition } from '../definition.ts'
import type { WorkflowDefinition } from '../../../../contract/workflows.ts'
import { firstIdAt, timeOfId } from '../../../kernel/ids.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { openTurns } from '../../../kernel/turns.ts'
import type { State } from '../../changes/kinds.ts'
import { workflowStore } from '../store.ts'
import type { WorkflowRow, WorkflowTables } from '../store.ts'
import { PAGE, drawnStore } from './store.ts'

/** What a picture of the system shows of a workflow. */
export interface WorkflowPortrait extends Pick<WorkflowRow, 'id' | 'name' | 'created_at' | 'last_executed'> {
  is_active: boolean
  /** It was there once, and pictures of then show it. */
  is_deleted: boolean
  success_rate: number
  definition: WorkflowDefinition
}

/** How often something happened, with how many bytes, and when last, in epoch ms. */
interface Count {
  uses: number
  bytes: number
  last_used: number
}

/** What workflows did since a time. */
export interface WorkflowUses {
  /** What has started them. `key` names the trigger of those that a schedule has started. */
  starts: readonly (Count & { workflow_id: string; trigger_source: string; key: string | null })[]
  /** Steps that were performed, of the definition that the run had; `bytes` are of their results. */
  steps: readonly (Count & { definition: WorkflowDefinition; step_id: string })[]
}

export interface Drawn {
  /** The workflows that a user has, or all that they ever had. */
  portraits(user_id: string, which: 'present' | 'ever'): Promise<WorkflowPortrait[]>
  /** A workflow as a state of the ledger has it. */
  asOf(workflow: WorkflowPortrait, state: State): WorkflowPortrait
  uses(user_id: string, since: number): Promise<WorkflowUses>
}

/** Pages of runs that are counted: beyond them the oldest are not. */
const PAGES_MAX = 200
/** Greater than every id. */
const END = 'g'

export function openDrawn({ store, clock }: Pick<Kernel, 'store' | 'clock'>): Drawn {
  return {
    portraits: async (user_id, which) => {
      const db = store.reader.tables<WorkflowTables>()
      const rows = await (which === 'present'
        ? workflowStore.list(db, user_id)
        : drawnStore.workflows(db, user_id))
      return rows.map((row) => ({
        id: row.id,
        name: row.name,
        created_at: row.created_at,
        last_executed: row.last_executed,
        is_active: row.is_active !== 0,
        is_deleted: row.deleted_at !== null,
        success_rate: row.finished_count === 0 ? 0 : row.completed_count / row.finished_count,
        definition: readDefinition(row.definition),
      }))
    },
    asOf: (workflow, { name, is_active, definition }) => ({
      ...workflow,
      name: String(name),
      is_active: is_active === true,
      is_deleted: false,
      definition: definition as WorkflowDefinition,
    }),
    uses: async (user_id, since) => {
      const { connection } = store.reader
      const breathe = openTurns(clock)
      const counting = openCounting((version) => workflowStore.version(connection, version)?.definition)
      const from = firstIdAt(since)
      for (let before = END, pages = 0; pages < PAGES_MAX; pages += 1) {
        await breathe()
        const found = drawnStore.bounds(connection, { user_id, from, before })
        if (found === undefined || found.oldest === null) break
        const page = { user_id, from: found.oldest, before }
        for (const { uses, bytes, newest, ...start } of drawnStore.starts(connection, page))
          counting.start(start, { uses, bytes, last_used: timeOfId(newest) })
        await breathe()
        for (const { uses, bytes, newest, ...step } of drawnStore.performed(connection, page))
          counting.step(step, { uses, bytes, last_used: Date.parse(newest) })
        if (found.runs < PAGE) break
        before = found.oldest
      }
      return counting.result()
    },
  }
}

type Start = Omit<WorkflowUses['starts'][number], keyof Count>

/** Adds up what several pages have of the same. */
function openCounting(read: (version: number) => string | undefined) {
  const starts = new Map<string, Start & Count>()
  const steps = new Map<string, { version: number; step_id: string } & Count>()
  const add = <T extends object>(of: Map<string, T & Count>, key: string, what: T, count: Count): void => {
    const known = of.get(key)
    if (known === undefined) of.set(key, { ...what, ...count })
    else {
      known.uses += count.uses
      known.bytes += count.bytes
      known.last_used = Math.max(known.last_used, count.last_used)
    }
  }
  return {
    start: ({ workflow_id, trigger_source, key }: Start, count: Count): void =>
      add(
        starts,
        JSON.stringify([workflow_id, trigger_source, key]),
        { workflow_id, trigger_source, key },
        count,
      ),
    step: ({ version, step_id }: { version: number; step_id: string }, count: Count): void =>
      add(steps, `${version} ${step_id}`, { version, step_id }, count),
    result: (): WorkflowUses => {
      const definitions = new Map<number, WorkflowDefinition>()
      const definitionOf = (version: number): WorkflowDefinition | undefined => {
        const known = definitions.get(version)
        const text = known === undefined ? read(version) : undefined
        if (text === undefined) return known
        const definition = readDefinition(text)
        definitions.set(version, definition)
        return definition
      }
      return {
        starts: [...starts.values()],
        steps: [...steps.values()].flatMap(({ version, ...step }) => {
          const definition = definitionOf(version)
          return definition === undefined ? [] : { ...step, definition }
        }),
      }
    },
  }
}
