import { Type } from 'typebox'
import { action, shape } from '../skill.ts'
import { Url, readUrl } from './address.ts'
import { Answer, MustSucceed, checkAnswer, exchange, writeBody } from './exchange.ts'
import type { Can } from './exchange.ts'
import { CredentialId, Headers, findSecrets, readHeaders } from './headers.ts'
import { askToSend, sayAnswer, sayCut } from './say.ts'

export const post = action({
  summary: 'Sends something to an address of the web.',
  parameters: shape({
    url: Url,
    /** A text is sent as it is, anything else as JSON. */
    body: Type.Unknown(),
    headers: Type.Optional(Headers),
    credential_id: Type.Optional(CredentialId),
    must_succeed: MustSucceed,
  }),
  result: Answer,
  effect: 'network',
  slots: { url: 'address', body: 'text' },
  questions: { url: 'To which address?', body: 'What should I send?' },
  phrases: [
    'post {body} to {url}',
    '(post|submit|upload) [the] (text|data|json|body) {body} to {url}',
    '(submit|upload) {body} to {url}',
    'send [the] (data|json|body) {body} to {url}',
    'send {body} to [the] (url|address|server) {url}',
    'http post {body} to {url}',
    '(make|send|do) a post request to {url} with {body}',
    '(make|send|do) a post request to {url}',
    'post to {url}: {body}',
    'post to {url}',
  ],
  examples: [
    'post {"on":true} to https://example.org/lamp',
    'post hello to example.com/inbox',
    'send the json {"level":3} to https://example.net/fan',
    'submit the text done to https://example.org/forms/4',
    'make a post request to https://example.com/api/items',
    'http post {"name":"oak"} to example.org/trees',
    'upload "a,b" to https://example.net/import',
    'post to https://example.com/log: started at nine',
    'send this body to the url https://example.org/echo',
    'do a post request to example.net/jobs with {"run":1}',
    'post my data to https://example.com/collect',
    'submit {"vote":"yes"} to https://example.org/poll',
    'send {"t":21} to the server https://example.net/heating',
    'put a post through to https://example.com/comments',
    'post the message we are late to https://example.org/board',
  ],
  confirm: async (_can: Can, { url, body }) => askToSend(url, body),
  refuses: findSecrets,
  perform: async (can: Can, { url, body: given, must_succeed, credential_id, ...rest }) => {
    const { body, type } = writeBody(given)
    const headers = { 'content-type': type, ...readHeaders(rest) }
    const secret = credential_id === undefined ? {} : { credential_id }
    const { data } = await exchange(can, { url: readUrl(url), method: 'POST', headers, body, ...secret })
    checkAnswer(must_succeed, data.url, data.status)
    return { data, text: `${sayAnswer(data.url, data.status)}${sayCut(data.truncated)}.` }
  },
})
