import { SCHEMAS } from '@jifen/contracts';
import {
  PrincipalOf,
  ProblemError,
  RequireScope,
  UnparsedBody,
  type HostRequest,
  type Principal,
} from '@jifen/service-host';
import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { bulkAnswer, type BulkAnswer } from '../application/answer.ts';
import { splitRecords } from '../application/json-text.ts';
import { textOf } from '../application/read.ts';
import type { RecordKind, Submission } from '../application/submission.ts';
import { ACCEPT } from '../tokens.ts';
import type { Accept } from './metrics.ts';
import { metaOf } from './request-meta.ts';

/** Records of one request. */
const MAX_RECORDS = 1000;

const oneOrMany = (schema: object): Parameters<typeof ApiBody>[0] => ({
  schema: { oneOf: [schema, { type: 'array', maxItems: MAX_RECORDS, items: schema }] },
});
const ANSWER = {
  status: 202,
  description:
    'Everything that counts is durable. Records that were refused are named by index and kept under /v1/rejected.',
} as const;

interface Sent {
  readonly single: boolean;
  readonly bodies: readonly (string | Uint8Array)[];
}

/** A body that cannot be taken apart is one record that cannot be read: it is answered and kept as a whole. */
function recordsOf(body: Uint8Array | undefined): Sent {
  if (body === undefined || body.length === 0) {
    throw new ProblemError({ code: 'malformed_json', detail: 'the body is empty' });
  }
  const text = textOf(body);
  const split = text === undefined ? undefined : splitRecords(text);
  if (split === undefined) return { single: true, bodies: [body] };
  if (split.texts.length > MAX_RECORDS) {
    throw new ProblemError({ code: 'payload_too_large', detail: `at most ${MAX_RECORDS} records a request` });
  }
  return { single: split.single, bodies: split.texts };
}

/** The bulk doors: one record or an array of them, validated by the schemas that document them. */
@ApiTags('ingestion')
@ApiBearerAuth()
@Controller('v1')
export class DoorsController {
  constructor(@Inject(ACCEPT) private readonly accept: Accept) {}

  @Post('orders')
  @HttpCode(202)
  @RequireScope('activity:write')
  @UnparsedBody()
  @ApiOperation({ summary: 'Submit order snapshots' })
  @ApiBody(oneOrMany(SCHEMAS.order))
  @ApiResponse(ANSWER)
  orders(@Req() request: HostRequest, @PrincipalOf() principal: Principal): Promise<BulkAnswer> {
    return this.#take('order', request, principal);
  }

  @Post('order-refunds')
  @HttpCode(202)
  @RequireScope('activity:write')
  @UnparsedBody()
  @ApiOperation({ summary: 'Submit refund notices for orders known or still to come' })
  @ApiBody(oneOrMany(SCHEMAS['order-refund']))
  @ApiResponse(ANSWER)
  refunds(@Req() request: HostRequest, @PrincipalOf() principal: Principal): Promise<BulkAnswer> {
    return this.#take('order-refund', request, principal);
  }

  @Post('activities')
  @HttpCode(202)
  @RequireScope('activity:write')
  @UnparsedBody()
  @ApiOperation({ summary: 'Submit activities' })
  @ApiBody(oneOrMany(SCHEMAS.activity))
  @ApiResponse(ANSWER)
  activities(@Req() request: HostRequest, @PrincipalOf() principal: Principal): Promise<BulkAnswer> {
    return this.#take('activity', request, principal);
  }

  async #take(kind: RecordKind, request: HostRequest, { program }: Principal): Promise<BulkAnswer> {
    const { single, bodies } = recordsOf(request.rawBody);
    const meta = metaOf(request.headers);
    const receipts = await this.accept(bodies.map((body): Submission => ({ kind, program, body, via: 'http', meta })));
    const [only] = receipts;
    if (single && only?.outcome === 'rejected') {
      const { problem, id } = only;
      throw new ProblemError({ ...problem, detail: `${problem.detail} (kept as /v1/rejected/${id})` });
    }
    const answer = bulkAnswer(receipts);
    if (answer.position !== undefined) request.position = answer.position;
    return answer;
  }
}
