import { Type } from 'typebox'
import { DATA_CHARACTERS_MAX } from './read.ts'
import { ROWS_MAX } from './rows.ts'

const Record = Type.Record(Type.String(), Type.Unknown())

/** Rows as objects, or as pasted CSV or JSON. */
export const RowsOrText = Type.Union([
  Type.Array(Record, { maxItems: ROWS_MAX }),
  Type.String({ minLength: 1, maxLength: DATA_CHARACTERS_MAX }),
])
export const Rows = Type.Array(Record)
export const ColumnName = Type.String({ minLength: 1, maxLength: 200 })
export const WhereMap = Record
