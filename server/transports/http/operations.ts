import { area, operation } from '../../../contract/operation.ts'
import { reads } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'

/** What this transport answers itself. They are operations, so that they are admitted and audited as all others. */
export const own = area('http', {
  options: operation({
    http: 'GET /*',
    summary: 'Which methods an address takes.',
    who: 'public',
    status: 204,
    unlimited: true,
  }),
  metrics: operation({ http: 'GET /*', summary: 'Figures of the server, for its owner.', who: 'owner' }),
  near_metrics: operation({ http: 'GET /*', summary: 'The same for programs beside it.', who: 'public' }),
  document: operation({ http: 'GET /*', summary: 'A document about the API.', who: 'public' }),
})

/** To be given to dispatch with the answers of the domains. */
export const httpAnswers: Answers = {
  [own.options.name]: reads(own.options, () => Promise.resolve({})),
  [own.metrics.name]: reads(own.metrics, () => Promise.resolve({})),
  [own.near_metrics.name]: reads(own.near_metrics, () => Promise.resolve({})),
  [own.document.name]: reads(own.document, () => Promise.resolve({})),
}
