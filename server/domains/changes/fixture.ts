import type { OperationName, Operations } from '../../../contract/index.ts'
import type { Input, Output } from '../../../contract/operation.ts'
import type { Call, Caller } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import type { Undone } from './undo.ts'

/** Everything that the agents of all users keep, and which alarms are set: the state that an undo must bring back. */
export function stateOf({ app }: Pick<Server, 'app'>): unknown {
  const { connection } = app.kernel.store.reader
  const rows = (sql: string) => connection.all(sql, []).map((row) => ({ ...row }))
  return {
    memories: rows(
      'SELECT id, user_id, agent_id, memory_type, content, text, tags, created_at, expires_at FROM memories ORDER BY id',
    ),
    tags: rows('SELECT id, tag FROM memory_tags JOIN memories USING (number) ORDER BY id, tag'),
    records: rows('SELECT * FROM records ORDER BY id'),
    alarms: rows(`SELECT key, run_at FROM jobs WHERE kind = 'agents.alarm' ORDER BY key`),
  }
}

/** A server whose Ann can take things back by saying so. */
export async function openUndoing(
  context: Parameters<typeof openServer>[0],
): Promise<Server & { undo(): Promise<Undone>; redo(): Promise<Undone> }> {
  const server = await openServer(context)
  const { app, ann, write } = server
  return Object.assign(server, {
    undo: () => write((tx) => app.changes.undo.undo(tx, ann.user_id)),
    redo: () => write((tx) => app.changes.undo.redo(tx, ann.user_id)),
  })
}

/** Does what a passkey would have to sign, as if it had: for what is tested beside the proof. */
export async function performAs<N extends OperationName>(
  { app, clock, ann }: Pick<Server, 'app' | 'clock' | 'ann'>,
  { user_id }: Pick<Server['ann'], 'user_id'>,
  name: N,
  input: Input<Operations[N]>,
): Promise<Output<Operations[N]>> {
  const answer = app.answers[name]
  if (answer === undefined || 'read' in answer) throw new Error(`${name} changes nothing.`)
  const call = callOf({ clock, ann }, { user_id })
  const prepared = await answer.prepare?.(call, input)
  const made = await app.kernel.store.write((tx) => answer.commit(tx, call, input, prepared))
  if (made instanceof Fault) throw made
  return made as Output<Operations[N]>
}

/** A call of a user who has just proven it. */
export function callOf(
  { clock, ann }: Pick<Server, 'clock' | 'ann'>,
  { user_id }: Pick<Server['ann'], 'user_id'>,
): Call {
  return {
    user_id,
    caller: callerOf(user_id, user_id === ann.user_id ? 'owner' : 'user'),
    transport: 'http',
    request_id: 'request',
    ip: '127.0.0.1',
    user_agent: '',
    origin: undefined,
    now: clock.now(),
    token: undefined,
    connection_id: undefined,
  }
}

function callerOf(user_id: string, role: Caller['role']): Caller {
  return {
    user_id,
    session_id: 'session',
    role,
    tier: 'free',
    has_passkey: true,
    is_provisional: false,
    wants_passkey: false,
    password_at: undefined,
    code_at: undefined,
    may_enrol: false,
  }
}
