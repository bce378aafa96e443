import { Compile } from 'typebox/compile'
import type { Validator } from 'typebox/compile'
import type { TSchema } from 'typebox'
import { Settings } from 'typebox/system'
import type { Issue } from '../../contract/errors.ts'
import { AgentRef, Id, Language } from '../../contract/shapes.ts'
import { pointTo } from './json-pointer.ts'

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
  return [...issues.values()].slice(0, ISSUES_MAX)
}

/** What well-known forms are called. */
const FORMS = new Map([
  [patternOf(Id), 'must be an id'],
  [patternOf(AgentRef), 'must be an id or a number'],
  [patternOf(Language), 'must be a language, such as en or de-AT'],
])

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
    case 'pattern': {
      const { pattern } = params as { pattern?: unknown }
      const form = FORMS.get(String(pattern instanceof RegExp ? pattern.source : pattern))
      return [{ path: instancePath, message: form ?? message }]
    }
    case 'enum':
      return [{ path: instancePath, message: `must be one of ${names('allowedValues').join(', ')}` }]
    default:
      return [{ path: instancePath, message }]
  }
}
