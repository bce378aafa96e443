import { Type } from 'typebox'
import type { NetRequest } from '../capabilities.ts'
import { action, shape } from '../skill.ts'
import { Url, readUrl } from './address.ts'
import { Answer, MustSucceed, checkAnswer, exchange } from './exchange.ts'
import type { Can } from './exchange.ts'
import { CredentialId, Headers, findSecrets, readHeaders } from './headers.ts'
import { sayAnswer, sayCut, saySize } from './say.ts'

export const get = action({
  summary: 'Fetches what is at an address of the web.',
  parameters: shape({
    url: Url,
    headers: Type.Optional(Headers),
    credential_id: Type.Optional(CredentialId),
    /** Asks how it answers and leaves the body out. */
    status_only: Type.Optional(Type.Boolean()),
    must_succeed: MustSucceed,
  }),
  result: Answer,
  effect: 'network',
  repeatable: true,
  slots: { url: 'address' },
  questions: { url: 'Which address should I fetch?' },
  phrases: [
    'fetch {url}',
    '(fetch|download|request|retrieve) [the] (url|address|page|website|site|file) [at|from] {url}',
    '(download|request|retrieve|curl) {url}',
    '(get|grab|pull|load) {url}',
    '(get|grab|pull|load) [the] (url|address|page|website|site|file) [at|from] {url}',
    'http get {url}',
    '(make|send|do) a get request to {url}',
    '(fetch|get|download) (what is at|the contents of|the content of) {url}',
  ],
  examples: [
    'fetch example.org',
    'get https://example.com/data.json',
    'download the file at https://example.net/report.csv',
    'make a get request to api.example.org/v1/status',
    'please retrieve www.example.edu',
    'grab the page from example.org/news',
    'pull https://example.com/prices.json for me',
    'request the address https://example.org/health',
    'curl https://example.net',
    'load the url example.com/list.txt',
    'I need the contents of https://example.org/readme.md',
    'http get https://example.com/ping',
    'fetch the json from https://api.example.net/rates',
    'go and get example.org/terms for me',
    'call the url https://example.com/export',
  ],
  refuses: findSecrets,
  perform: async (can: Can, { url, status_only, must_succeed, credential_id, ...given }) => {
    const secret = credential_id === undefined ? {} : { credential_id }
    const request = { url: readUrl(url), headers: readHeaders(given), ...secret }
    if (status_only === true) {
      const data = await statusOf(can, request)
      checkAnswer(must_succeed, data.url, data.status)
      return { data, text: `${sayAnswer(data.url, data.status)}.` }
    }
    const { data, size } = await exchange(can, { ...request, method: 'GET' })
    checkAnswer(must_succeed, data.url, data.status)
    const answered = sayAnswer(data.url, data.status)
    return { data, text: `${answered}: ${saySize(size)}${sayCut(data.truncated)}.` }
  },
})

async function statusOf(can: Can, request: Pick<NetRequest, 'url' | 'headers' | 'credential_id'>) {
  const { data } = await exchange(can, { ...request, method: 'HEAD' })
  if (data.status < 400) return data
  // Some servers refuse to be asked without the body, and answer well otherwise.
  const { data: whole } = await exchange(can, { ...request, method: 'GET' })
  const { truncated: _, ...rest } = whole
  return { ...rest, body: '', encoding: 'text' as const }
}
