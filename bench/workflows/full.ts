import { openConnection } from '../../server/kernel/store/connection.ts'

const TABLE = 'CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT NOT NULL)'
const BODY = 'x'.repeat(200)

/** The control: SQLite with `synchronous=FULL` and one writer. Answers how often it committed in so many ms. */
export function openFull(path: string): (round_ms: number) => number {
  const connection = openConnection(path, { synchronous: 'FULL' })
  connection.exec(TABLE)
  connection.exec('PRAGMA wal_autocheckpoint=1000')
  return (round_ms) => {
    const started = performance.now()
    let commits = 0
    while (performance.now() - started < round_ms) {
      connection.exec('BEGIN IMMEDIATE')
      connection.run('INSERT INTO rows (body) VALUES (?)', [BODY])
      connection.exec('COMMIT')
      commits += 1
    }
    return commits
  }
}
