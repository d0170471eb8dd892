import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A question as the server got it. */
export interface Asked {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: {
    model: string
    stream: boolean
    messages: { role: string; content: string }[]
    response_format?: { type: string; json_schema?: { name: string; strict: boolean; schema: object } }
  }
}

/** A server that speaks the protocol of chat completions, and says what a test wants it to. */
export interface ModelServer {
  url: string
  asked: Asked[]
  /** What it answers next: quotes, or anything else over HTTP. */
  answer(with_: { quote: string; as: string }[] | RequestListener): void
  stop(): void
}

/** An answer in the form of the protocol. */
export function completion(
  response: ServerResponse,
  content: unknown,
  finish = 'stop',
  more: object = {},
): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(
    JSON.stringify({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'careful-reader',
      choices: [
        { index: 0, message: { role: 'assistant', content, ...more }, logprobs: null, finish_reason: finish },
      ],
      usage: { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 },
    }),
  )
}

/** Starts one on loopback. */
export async function startModel(): Promise<ModelServer> {
  let listener: RequestListener = (_, response) => completion(response, '{"quotes":[]}')
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    asked.push({ method, url, headers, body: JSON.parse(await text(request)) })
    listener(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  server.unref()
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    answer(given) {
      listener = Array.isArray(given)
        ? (_, response) => completion(response, JSON.stringify({ quotes: given }))
        : given
    },
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
