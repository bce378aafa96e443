import { isMap } from '../settled.ts'
import { Document } from './document.ts'
import type { Remarks } from './document.ts'
import { lineOf } from './schema.ts'

/** Aliases of YAML that are followed: a few of them can stand for gigabytes. */
const ALIASES_MAX = 200

/** Reads a document of JSON or YAML; nothing of what is none of OpenAPI 3, which is told. */
export async function readDocument(text: string, remarks: Remarks): Promise<Document | undefined> {
  const root = await parse(text.replace(/^\uFEFF/, ''), remarks)
  if (root === undefined) return undefined
  if (!isMap(root)) {
    remarks.problem('', 'must be an object: an OpenAPI document')
    return undefined
  }
  const { openapi, paths } = root
  if (Object.hasOwn(root, 'swagger'))
    remarks.problem('/swagger', 'is of version 2: only OpenAPI 3.0 and 3.1 are read')
  else if (!/^3\.[012](?:\.|$)/.test(String(openapi))) remarks.problem('/openapi', 'must be 3.0 or 3.1')
  if (!isMap(paths)) remarks.problem('/paths', 'must be an object: the paths of the service')
  return remarks.problems.length > 0 ? undefined : new Document(root)
}

async function parse(text: string, remarks: Remarks): Promise<unknown> {
  if (/^\s*\{/.test(text)) {
    try {
      return JSON.parse(text)
    } catch (error) {
      remarks.problem('', `is no JSON: ${sayError(error)}`)
      return undefined
    }
  }
  const { parse: parseYaml } = await import('yaml')
  try {
    return parseYaml(text, { maxAliasCount: ALIASES_MAX, logLevel: 'error' })
  } catch (error) {
    remarks.problem('', `is no YAML: ${sayError(error)}`)
    return undefined
  }
}

function sayError(error: unknown): string {
  return lineOf(error instanceof Error ? error.message : String(error), 300)
}
