import type { HttpAction, Place } from '../../../../contract/integrations.ts'
import { findSchemaIssues } from '../../../kernel/foreign-schema.ts'
import { findActionIssues } from '../check.ts'
import { inPath } from '../settled.ts'
import { fieldOf, textOf } from './document.ts'
import type { Document, Part, Remarks } from './document.ts'
import { UnsupportedError, bodyOf, parameterFields } from './fields.ts'
import type { Field } from './fields.ts'
import { flatten } from './flat.ts'
import { SchemaWriter, TooLargeError, lineOf, short } from './schema.ts'
import type { Schema } from './schema.ts'

/** One operation of a document, where it stands. */
export interface Operation {
  id: string
  method: HttpAction['method']
  path: string
  item: Part
  part: Part
}

/** Bytes of the parameters of one action. */
const PARAMETERS_BYTES_MAX = 16_384
/** How deep schemas are written, the deepest that fits. */
const DEPTHS = [8, 4, 2, 1, 0]
const SUMMARY_CHARACTERS_MAX = 200

type Parameter = readonly [name: string, field: Field]

/** The action that an operation becomes; nothing of one that has no way here, which is told. */
export function toAction(
  document: Document,
  operation: Operation,
  name: string,
  remarks: Remarks,
): HttpAction | undefined {
  try {
    return actionOf(document, operation, name, remarks)
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error
    remarks.warn(operation.part.at, `${operation.id} is left out: ${error.message}`)
    return undefined
  }
}

function actionOf(
  document: Document,
  operation: Operation,
  name: string,
  remarks: Remarks,
): HttpAction | undefined {
  const { item, part, method, path } = operation
  const before = remarks.problems.length
  checkServers(document, [fieldOf(part, 'servers'), fieldOf(item, 'servers')])
  const fields = parameterFields(document, item, part, remarks)
  const isRead = method === 'GET' || method === 'HEAD'
  const body = isRead ? undefined : bodyOf(document, part, remarks)
  if (isRead && fieldOf(part, 'requestBody').value !== undefined)
    remarks.warn(part.at, `the body of ${method} is left out`)
  const named = new Map(distinct(fields))
  if (body !== undefined) for (const [key, field] of bodyFields(document, body, named)) named.set(key, field)
  const missing = inPath(path).find(
    (one) => !fields.some((field) => field.place.in === 'path' && field.name === one),
  )
  if (missing !== undefined) {
    remarks.problem(part.at, `must have a parameter ${short(missing)} in path, as its path has`)
    return undefined
  }
  const parameters = parametersOf(document, [...named], { remarks, at: part.at })
  if (remarks.problems.length > before) return undefined
  const action: HttpAction = {
    name,
    summary: summaryOf(part, operation),
    method,
    path,
    parameters,
    places: Object.fromEntries([...named].map(([key, field]) => [key, placeOf(key, field)])),
    ...(body?.kind === 'form' ? { body: 'form' as const } : {}),
  }
  const [issue] = findActionIssues(action, '', () => undefined)
  if (issue !== undefined) throw new UnsupportedError(`${issue.path} ${issue.message}`)
  return action
}

function placeOf(key: string, { name, place }: Field): Place {
  return name === key || place.in === 'whole' ? place : { ...place, name }
}

/** Another server would be another one to trust, and to let have the secret. */
function checkServers({ root }: Document, own: readonly Part[]): void {
  const main = JSON.stringify(root['servers'] ?? null)
  for (const { value } of own)
    if (Array.isArray(value) && value.length > 0 && JSON.stringify(value) !== main)
      throw new UnsupportedError('it has a server of its own')
}

/** Parameters by names that no two have: the same name in two places has its place before it. */
function distinct(fields: readonly Field[]): Parameter[] {
  const seen = new Set<string>()
  return fields.map((field) => {
    const key = seen.has(field.name) ? `${field.place.in}_${field.name}` : field.name
    seen.add(field.name)
    return [key, field] as const
  })
}

/** The body: each field of it by itself where no name is taken, else all of it as one. */
function bodyFields(
  document: Document,
  { schema, required }: { schema: Part; required: boolean },
  taken: ReadonlyMap<string, unknown>,
): Parameter[] {
  const flat = flatten(document, schema)
  // Most documents that leave out whether there must be a body mean that there must: whoever sends one needs these fields.
  if (flat !== undefined && [...flat.fields.keys()].every((name) => !taken.has(name)))
    return [...flat.fields].map(([name, part]) => [
      name,
      { name, place: { in: 'body' }, required: flat.required.has(name), schema: part },
    ])
  const name = taken.has('body') ? 'request_body' : 'body'
  return [[name, { name, place: { in: 'whole' }, required, schema }]]
}

/** The schema of all parameters, as deep as it may be. @throws UnsupportedError when it is too large all the same. */
function parametersOf(
  document: Document,
  named: readonly Parameter[],
  { remarks, at }: { remarks: Remarks; at: string },
): Schema {
  for (const depth of DEPTHS) {
    const schema = tryParameters(new SchemaWriter(document, remarks, depth), named)
    if (schema === undefined) continue
    if (depth !== DEPTHS[0])
      remarks.warn(at, 'its parameters are too many or too deep: more is taken than it says')
    return schema
  }
  throw new UnsupportedError('it has too many parameters')
}

function tryParameters(writer: SchemaWriter, named: readonly Parameter[]): Schema | undefined {
  try {
    const properties = named.map(([key, field]) => [key, writer.write(field.schema)] as const)
    const required = named.filter(([, field]) => field.required).map(([key]) => key)
    const schema = {
      type: 'object',
      properties: Object.fromEntries(properties),
      ...(required.length === 0 ? {} : { required }),
      additionalProperties: false,
    }
    const fits = Buffer.byteLength(JSON.stringify(schema)) <= PARAMETERS_BYTES_MAX
    return fits && findSchemaIssues(schema, '').length === 0 ? schema : undefined
  } catch (error) {
    if (error instanceof TooLargeError) return undefined
    throw error
  }
}

function summaryOf(part: Part, { method, path }: Operation): string {
  const text = textOf(fieldOf(part, 'summary')) ?? textOf(fieldOf(part, 'description')) ?? ''
  const line = lineOf(text, SUMMARY_CHARACTERS_MAX)
  return line === '' ? `${method} ${path}` : line
}
