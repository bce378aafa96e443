import { Compile } from 'typebox/compile'
import type { Validator } from 'typebox/compile'
import type { TSchema } from 'typebox'
import { Settings } from 'typebox/system'
import type { Issue } from '../../contract/errors.ts'
import { AgentRef, Id, Language } from '../../contract/shapes.ts'
import { pointTo } from './json-pointer.ts'
import { kindsIn } from './one-of.ts'

/** Issues told at once; a caller with more has another problem. */
const ISSUES_MAX = 100
Settings.Set({ maxErrors: ISSUES_MAX })

const validators = new WeakMap<TSchema, Validator>()

/** Everything that is wrong with a value, or nothing. Schemas are compiled when they are first used. */
export function findIssues(schema: TSchema, value: unknown): Issue[] {
  let validator = validators.get(schema)
  if (validator === undefined) {
    validator = Compile(schema)
    validators.set(schema, validator)
  }
  if (validator.Check(value)) return []
  const issues = new Map<string, Issue>()
  for (const error of validator.Errors(value)) {
    for (const issue of toIssues(error)) issues.set(`${issue.path} ${issue.message}`, issue)
  }
  return meantIn(schema, value, [...issues.values()]).slice(0, ISSUES_MAX)
}

/** Of what may be one of several kinds only what is wrong with the kind that it says it is, or with its saying so. */
function meantIn(schema: TSchema, value: unknown, found: Issue[]): Issue[] {
  let issues = found
  for (const { path, meant, types, value: one } of kindsIn(schema, value)) {
    if (issues.length > ISSUES_MAX) break
    const others = issues.filter(({ path: at }) => at !== path && !at.startsWith(`${path}/`))
    if (others.length === issues.length) continue
    const message = Object.hasOwn(one, 'type') ? `must be one of ${types.join(', ')}` : 'is required'
    const own = meant === undefined ? [{ path: '/type', message }] : findIssues(meant, one)
    issues = [...others, ...own.map((issue) => ({ ...issue, path: `${path}${issue.path}` }))]
  }
  return issues
}

/** What well-known forms are called. */
const FORMS = new Map([
  [patternOf(Id), 'must be an id'],
  [patternOf(AgentRef), 'must be an id or a number'],
  [patternOf(Language), 'must be a language, such as en or de-AT'],
  ['^[a-z][a-z0-9_]*$', 'must have small letters, digits and _, and begin with a letter'],
  ['^[A-Za-z0-9_-]{1,64}$', 'must have 1 to 64 letters, digits, _ and -, and nothing else'],
  ['^[A-Za-z0-9_-]+$', 'must be base64url: letters, digits, _ and -'],
  ['^(/([^/~]|~[01])*)*$', 'must be a JSON pointer, such as /data/key'],
  ['^([01][0-9]|2[0-3]):[0-5][0-9]$', 'must be a time of day, such as 08:30'],
  [
    String.raw`^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2}))$`,
    'must be an id or a time with an offset',
  ],
  ['^[A-Za-z0-9_-]{87}=?$', 'must be a public key as browsers give it: 87 characters of base64url'],
  [
    '^[A-Za-z0-9][A-Za-z0-9 ._-]*$',
    'must have letters, digits, spaces, ., _ and -, and begin with a letter or a digit',
  ],
  [
    String.raw`^https?://[^\s/?#@]+(/[^\s?#]*)?$`,
    'must be an address with http or https, without a user, a query or a fragment',
  ],
  ['^[A-Za-z0-9.:_-]+$', 'must be the name or the address of a host'],
  [String.raw`^([/]|[A-Za-z]:[\\/])[^\x00-\x1f]*$`, 'must be a whole path, from the root on'],
  ['^[a-z]{2,3}$', 'must be a language of two or three letters, such as en'],
  ['^[A-Za-z0-9_-]{22}(==)?$', 'must be the auth value of a browser: 22 characters of base64url'],
])
const OTHER_FORM = 'does not have the form that it must have'

const TYPES: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
}

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': 'a time with an offset, such as 2027-01-31T08:00:00Z',
  email: 'an e-mail address',
  uri: 'an address, such as https://example.org/',
}

const COMPARISONS: Readonly<Record<string, string>> = {
  '>=': 'at least',
  '<=': 'at most',
  '>': 'more than',
  '<': 'less than',
}

function patternOf(schema: object): string {
  return (schema as { pattern?: string }).pattern ?? ''
}

export interface SchemaError {
  keyword: string
  instancePath: string
  params: object
  message: string
}

/** An error of the library as it is told. */
export function toIssues({ keyword, instancePath, params, message }: SchemaError): Issue[] {
  const names = (key: string): string[] => {
    const value: unknown = (params as Record<string, unknown>)[key]
    return Array.isArray(value) ? value.map(String) : []
  }
  switch (keyword) {
    case 'required':
      return names('requiredProperties').map((name) => ({
        path: `${instancePath}${pointTo(name)}`,
        message: 'is required',
      }))
    case 'additionalProperties':
      return names('additionalProperties').map((name) => ({
        path: `${instancePath}${pointTo(name)}`,
        message: 'is not a known field',
      }))
    // The schema `false` of one unknown field. All of them are told once more by `additionalProperties`, but only when
    // there are not too many: without these, an input with very many unknown fields would have nothing wrong with it.
    case 'boolean':
      return [{ path: instancePath, message: 'is not a known field' }]
    case 'enum':
      return [{ path: instancePath, message: `must be one of ${names('allowedValues').join(', ')}` }]
    default:
      return [{ path: instancePath, message: inWords(keyword, params) ?? message }]
  }
}

/** What the library says in the words of a programmer. */
function inWords(keyword: string, params: SchemaError['params']): string | undefined {
  const { pattern, type, format, comparison, limit, allowedValue } = params as Record<string, unknown>
  switch (keyword) {
    case 'pattern':
      return FORMS.get(String(pattern instanceof RegExp ? pattern.source : pattern)) ?? OTHER_FORM
    case 'type':
      return `must be ${[type].flat().map(sayType).join(' or ')}`
    case 'format':
      return `must be ${FORMATS[String(format)] ?? `of the form ${String(format)}`}`
    case 'const':
      return `must be ${JSON.stringify(allowedValue)}`
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `must be ${COMPARISONS[String(comparison)]} ${String(limit)}`
    case 'minLength':
    case 'minItems':
      return limit === 1 ? 'must not be empty' : undefined
    default:
      return undefined
  }
}

/** The word for a type of JSON. */
function sayType(type: unknown): string {
  return TYPES[String(type)] ?? String(type)
}
