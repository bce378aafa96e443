import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { CompiledQuery, DatabaseConnection, Driver, LimitNode, OffsetNode, QueryResult } from 'kysely'
import type { Connection } from './connection.ts'

/** The connection under each Kysely that was made here. */
const connections = new WeakMap<object, Connection>()

/**
 * SQLite plans a statement anew each time that a bare parameter is its limit, which costs several times as much as
 * running it; the sign makes it an expression.
 */
class Compiler extends SqliteQueryCompiler {
  protected override visitLimit({ limit }: LimitNode): void {
    this.append('limit +')
    this.visitNode(limit)
  }

  protected override visitOffset({ offset }: OffsetNode): void {
    this.append('offset +')
    this.visitNode(offset)
  }
}

/** A Kysely over one connection. Transactions are the store's business: Kysely never begins one here. */
export function queries<T>(connection: Connection): Kysely<T> {
  const made = new Kysely<T>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => driver(connection),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new Compiler(),
    },
  })
  connections.set(made, connection)
  return made
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('Transactions belong to the store.'))
}

function driver(connection: Connection): Driver {
  const bound: DatabaseConnection = {
    executeQuery: <R>(query: CompiledQuery) => Promise.resolve(execute<R>(connection, query)),
    streamQuery: () => {
      throw new Error('Rows are read in pages, never streamed.')
    },
  }
  return {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(bound),
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
  }
}

function execute<R>(connection: Connection, query: CompiledQuery): QueryResult<R> {
  // A query with common tables is a selection too, but does not begin as one.
  if (query.query.kind === 'SelectQueryNode' || /^\s*select\b|\breturning\b/i.test(query.sql)) {
    return { rows: connection.all(query.sql, query.parameters) as R[] }
  }
  return { rows: [], numAffectedRows: BigInt(connection.run(query.sql, query.parameters)) }
}

/** A statement that is compiled once and run straight on the driver; for the few that every call needs. */
export interface Hot<T, P, R> {
  all(connection: Connection, parameters: P): R[]
  run(connection: Connection, parameters: P): number
  /** The same for whoever has the tables at hand. */
  on(db: Kysely<T>, parameters: P): Promise<R[]>
}

class Marker {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** Compiles a query whose values are taken by name at each call. */
export function hot<T, P extends object, R = unknown>(
  build: (
    db: Kysely<T>,
    value: <K extends keyof P & string>(name: K) => P[K],
  ) => { compile(): CompiledQuery<R> },
): Hot<T, P, R> {
  type Statement = CompiledQuery<R> & { pick: (parameters: P) => unknown[] }
  let compiled: Statement | undefined
  const statement = (): Statement => {
    if (compiled !== undefined) return compiled
    const db = queries<T>({ all: () => [], run: () => 0, exec: () => {}, close: () => {} })
    const query = build(db, (name) => new Marker(name) as unknown as P[typeof name]).compile()
    const pick = (given: P) =>
      query.parameters.map((value) => (value instanceof Marker ? given[value.name as keyof P] : value))
    compiled = { ...query, pick }
    return compiled
  }
  return {
    all: (connection, parameters) => connection.all(statement().sql, statement().pick(parameters)) as R[],
    run: (connection, parameters) => connection.run(statement().sql, statement().pick(parameters)),
    on: async (db, parameters) => {
      const { pick, ...query } = statement()
      const asked = { ...query, parameters: pick(parameters) }
      // What is compiled already has nothing to gain on the way through Kysely.
      const connection = connections.get(db)
      const found = connection === undefined ? await db.executeQuery<R>(asked) : execute<R>(connection, asked)
      return found.rows
    },
  }
}
