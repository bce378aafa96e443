import type { Connection } from './connection.ts'

/** Removes every row that names a user, whichever table it is in, but for the audit and the user itself. */
export function eraseUser(connection: Connection, user_id: string): void {
  eraseNaming(connection, 'user_id', user_id)
}

/** Removes every row that names an agent, whichever table it is in, but for the agent itself. */
export function eraseAgent(connection: Connection, agent_id: string): void {
  eraseNaming(connection, 'agent_id', agent_id)
}

function eraseNaming(connection: Connection, column: 'user_id' | 'agent_id', value: string): void {
  const named = connection.all(
    `SELECT m.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c
      WHERE m.type = 'table' AND c.name = ?`,
    [column],
  )
  for (const { name } of named) connection.run(`DELETE FROM "${String(name)}" WHERE ${column} = ?`, [value])
}
