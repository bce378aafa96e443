import type { HttpIntegration } from '../../../../contract/integrations.ts'
import { isFreeHeader } from '../../../kernel/header-names.ts'
import { fieldOf, fieldsOf, itemsOf, textOf } from './document.ts'
import type { Document, Part } from './document.ts'

type Auth = NonNullable<HttpIntegration['auth']>

/** What services take that say nothing of it. */
export const USUAL: Auth = { in: 'header', name: 'authorization' }

/** Where a credential goes by what the document says: the first way, of those it asks for, that there is here. */
export function authOf(document: Document): Auth | undefined {
  const root: Part = { value: document.root, at: '' }
  const schemes = new Map(fieldsOf(fieldOf(fieldOf(root, 'components'), 'securitySchemes')))
  const wanted = itemsOf(fieldOf(root, 'security')).flatMap((one) => fieldsOf(one).map(([name]) => name))
  for (const name of [...wanted, ...schemes.keys()]) {
    const scheme = schemes.get(name)
    const place = scheme && placeOf(document, scheme)
    if (place !== undefined) return place
  }
  return undefined
}

function placeOf(document: Document, part: Part): Auth | undefined {
  const scheme = document.follow(part)
  if ('missing' in scheme) return undefined
  const type = textOf(fieldOf(scheme, 'type'))
  if (type === 'oauth2' || type === 'openIdConnect') return USUAL
  if (type === 'http')
    return /^(?:bearer|basic)$/i.test(textOf(fieldOf(scheme, 'scheme')) ?? '') ? USUAL : undefined
  const name = textOf(fieldOf(scheme, 'name'))
  const where = textOf(fieldOf(scheme, 'in'))
  if (type !== 'apiKey' || name === undefined || name.length > 128) return undefined
  if (where === 'query') return { in: 'query', name }
  return where === 'header' && isFreeHeader(name) ? { in: 'header', name: name.toLowerCase() } : undefined
}

/** Addresses of the servers of a document, their variables as they are by themselves. */
export function serversOf(document: Document): string[] {
  return itemsOf(fieldOf({ value: document.root, at: '' }, 'servers')).flatMap((server) => {
    const url = textOf(fieldOf(server, 'url'))
    if (url === undefined) return []
    const variables = new Map(fieldsOf(fieldOf(server, 'variables')))
    return [
      url.replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => {
        const variable = variables.get(name)
        return (variable && textOf(fieldOf(variable, 'default'))) ?? whole
      }),
    ]
  })
}
