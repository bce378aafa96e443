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
