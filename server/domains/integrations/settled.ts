import type { HttpAction, Place } from '../../../contract/integrations.ts'

/** Whether a method only looks. */
export function isRead(method: HttpAction['method']): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** Names of the parameters that a path has in its pieces. */
export function inPath(path: string): string[] {
  return [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name)
}

export interface ParameterSchema {
  properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  required: readonly string[]
}

/** The parameters of an action, whatever their schema leaves out. */
export function parametersOf({ parameters = {} }: Pick<HttpAction, 'parameters'>): ParameterSchema {
  const { properties, required } = parameters
  return {
    properties: isMap(properties) ? (properties as ParameterSchema['properties']) : {},
    required: Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [],
  }
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An action with a place for each of its parameters: where it says so, else where its method has them. */
export function settled(action: HttpAction): HttpAction {
  const names = inPath(action.path)
  const otherwise = isRead(action.method) || action.method === 'DELETE' ? 'query' : 'body'
  const given = action.places ?? {}
  const places = Object.keys(parametersOf(action).properties).map((name): [string, Place] => {
    const said = Object.hasOwn(given, name) ? given[name] : undefined
    return [name, said ?? { in: names.includes(name) ? 'path' : otherwise }]
  })
  return { ...action, places: Object.fromEntries(places) }
}
