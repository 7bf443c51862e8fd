import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { renderProblem } from './problem.filter.ts';
import { traceOf } from './trace.ts';

const ANSWERS: Readonly<Record<string, { readonly status: number; readonly detail: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'the address and the headers are longer than 16 KiB together' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, detail: 'the chunk extensions are too long' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'the request did not come to its end in time' },
};
const BROKEN = { status: 400, detail: 'this is not HTTP' };

/** Answers what is no request yet, so that no route, hook or filter sees it; then the connection is over. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, detail } = ANSWERS[error.code ?? ''] ?? BROKEN;
  const problem = renderProblem({ code: 'invalid_request', detail }, traceOf(undefined).traceId, status);
  const body = JSON.stringify(problem.body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
