import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import Fastify from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Operation } from '../../../contract/operation.ts'
import { PREFIXES } from './routes.ts'

/** A request and where its answer goes. */
export interface Exchanged {
  request: IncomingMessage
  response: ServerResponse
}

/** Path parameters, percent-decoded. */
export type Params = Readonly<Record<string, string | undefined>>

/** Who takes a request, whatever became of finding its route. */
export interface Hooks {
  found(operation: Operation, exchanged: Exchanged, params: Params): void
  missing(exchanged: Exchanged): void
  /** The address could not be decoded. */
  unreadable(exchanged: Exchanged): void
  /** What came was no HTTP, or not a whole request in time. */
  broken(error: Error, socket: Socket): void
}

/** Longer parameters are no route at all; the contract's own bounds are below this. */
const PARAMETER_MAX = 1_024

/** Finds the operation of each request. The framework does this alone: it reads no body and writes no answer. */
export async function openRouter(
  server: Server,
  operations: readonly Operation[],
  hooks: Hooks,
): Promise<void> {
  const fastify = Fastify({
    serverFactory: (handler) => server.on('request', handler),
    exposeHeadRoutes: false,
    routerOptions: {
      ignoreTrailingSlash: true,
      maxParamLength: PARAMETER_MAX,
      querystringParser: () => ({}),
    },
    clientErrorHandler: (error, socket) => hooks.broken(error, socket),
    frameworkErrors: (_error, request, reply) => hooks.unreadable(take(request, reply)),
  })
  fastify.removeAllContentTypeParsers()
  // For the framework no method has a body: dispatch judges the head before anybody reads further.
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    fastify.addHttpMethod(method, { hasBody: false, overrideExisting: true })
  }
  fastify.setNotFoundHandler((request, reply) => hooks.missing(take(request, reply)))
  for (const operation of operations) addRoute(fastify, operation, hooks)
  await fastify.ready()
}

function addRoute(fastify: FastifyInstance, operation: Operation, hooks: Hooks): void {
  const { method, path } = operation.http
  for (const prefix of PREFIXES) {
    fastify.route({
      method: method === 'GET' ? ['GET', 'HEAD'] : method,
      url: prefix + path,
      handler: (request, reply) => {
        hooks.found(operation, take(request, reply), request.params as Params)
      },
    })
  }
}

/** Takes a request out of the framework's hands. */
function take(request: Pick<FastifyRequest, 'raw'>, reply: Pick<FastifyReply, 'raw' | 'hijack'>): Exchanged {
  reply.hijack()
  return { request: request.raw, response: reply.raw }
}
