import { Type } from 'typebox'
import { AgentNumber, Id, Text, Time } from '../../../../contract/shapes.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import type { Changes } from '../../changes/index.ts'
import { isSame, refuseState } from '../../changes/kinds.ts'
import type { Kind, State } from '../../changes/kinds.ts'
import { MODEL, examplesIn, stateOf } from '../../language/learnt/kinds.ts'
import type { Example } from '../../language/learnt/kinds.ts'
import type { Lessons } from '../../language/learnt/lessons.ts'
import { isPhrase, phrases } from './phrases.ts'

/** What the ledger calls such a change. */
const TYPE = 'agent_config'

const LessonState = Type.Object(
  {
    /** As many as there are, for whoever reads the change. */
    count: Type.Integer({ minimum: 1 }),
    examples: Type.Record(
      Id,
      Type.Object(
        {
          text: Text(10_000, 1),
          agent_number: AgentNumber,
          action: Text(80, 1),
          source: Type.Enum(['correction', 'sample']),
          created_at: Time,
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)

interface Parts {
  lessons: Lessons
  /** @throws Fault when an agent or an action is not there. */
  check: (user_id: string, examples: readonly Example[]) => Promise<void>
  record: Changes['record']
}

/** How lessons and wake phrases are read and put back; lessons are changed sentence by sentence besides. */
export function modelKind({ lessons, check, record }: Parts): Kind {
  const read: Kind['read'] = async (db, user_id, id) =>
    stateOf(await lessons.read(db, user_id, id)) ?? (await phrases.read(db, user_id, id))
  const set = async (tx: Tx, user_id: string, id: string, state: State | undefined): Promise<void> => {
    await phrases.write(tx, user_id, id, isPhrase(state) ? state : undefined)
    await lessons.write(tx, user_id, id, examplesIn(id, state))
  }
  return {
    read,
    restore: set,
    called: async (db, user_id, id, state) => {
      const phrase = (await phrases.read(db, user_id, id)) ?? (isPhrase(state) ? state : undefined)
      if (phrase !== undefined) return `the wake phrase “${String(phrase['wake_phrase'])}”`
      const taught = await lessons.read(db, user_id, id)
      // What was taken back is in no table any more, and still has its words in the change.
      return calledBy(taught.length === 0 ? examplesIn(id, state) : taught)
    },
    modify: {
      type: TYPE,
      all: async (db, user_id) => {
        const found = Map.groupBy(await lessons.all(db, user_id), ({ lesson_id }) => lesson_id)
        const taught = [...found].flatMap(([id, examples]) => {
          const state = stateOf(examples)
          return state === undefined ? [] : [[id, state] as [string, State]]
        })
        return [...taught, ...(await phrases.all(db, user_id))]
      },
      find: (_call, ref) => {
        if (ref !== undefined) return ref
        throw new Fault('VALIDATION_ERROR', '/target is required.', {
          issues: [{ path: '/target', message: 'must name a lesson' }],
        })
      },
      check: ({ user_id }, id, wanted) => {
        refuseState(LessonState, wanted)
        const examples = examplesIn(id, wanted)
        if (examples.length !== wanted['count'])
          throw new Fault('VALIDATION_ERROR', `/after_state/count must be ${examples.length}.`, {
            issues: [{ path: '/after_state/count', message: `must be ${examples.length}` }],
          })
        return check(user_id, examples)
      },
      apply: async (tx, user_id, target, after, description) => {
        const before = await read(tx, user_id, target)
        if (isSame(before, after)) return
        await set(tx, user_id, target, after)
        const what = { user_id, type: TYPE, kind: MODEL, target, description } as const
        await record(tx, { ...what, before, after, applied_by: user_id })
      },
    },
  }
}

const SAID_MAX = 60

/** "what “wake the house” means", and how many more; a lesson that was forgotten has no words any more. */
function calledBy([first, ...more]: readonly Example[]): string {
  if (first === undefined) return 'what was taught'
  const text = first.text.length > SAID_MAX ? `${first.text.slice(0, SAID_MAX - 1)}…` : first.text
  const rest = more.length === 0 ? '' : ` and ${more.length} more`
  return `the meaning of “${text.replace(/[\uD800-\uDBFF](?=…$)/u, '')}”${rest}`
}
