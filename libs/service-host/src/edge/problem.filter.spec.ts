import { UnknownOutcomeError } from '@jifen/event-store';
import { BadRequestException, HttpException, ServiceUnavailableException } from '@nestjs/common';
import { ProblemError } from '../problem-error.ts';
import { classify, renderProblem } from './problem.filter.ts';

const coded = (code: string): Error => Object.assign(new Error('x'), { code });

describe('classify', () => {
  it.each([
    ['a refusal', new ProblemError({ code: 'account_frozen', detail: 'd' }), 'account_frozen'],
    ['broken JSON', new SyntaxError('Unexpected token'), 'malformed_json'],
    ['a bad request of the framework', new BadRequestException('no'), 'invalid_request'],
    ['a status without a code', new HttpException('too long', 414), 'invalid_request'],
    ['a shut-down', new ServiceUnavailableException(), 'unavailable'],
    ['a refused socket', coded('ECONNREFUSED'), 'unavailable'],
    ['a server that shuts down', coded('57P01'), 'unavailable'],
    ['too many connections', coded('53300'), 'unavailable'],
    ['a cause below', new Error('load failed', { cause: coded('08006') }), 'unavailable'],
    ['an exhausted pool', new Error('timeout exceeded when trying to connect'), 'unavailable'],
    ['a lost connection', new Error('Client has encountered a connection error and is not queryable'), 'unavailable'],
    ['a commit of unknown end', new UnknownOutcomeError('COMMIT'), 'unavailable'],
    ['a constraint', coded('23514'), 'internal'],
    ['a fault', new Error('bug'), 'internal'],
    ['anything', 'a text', 'internal'],
    ['nothing', undefined, 'internal'],
  ])('%s', (_, error, code) => {
    expect(classify(error).problem.code).toBe(code);
  });
});

describe('renderProblem', () => {
  it('is RFC 9457 with code, pointers and trace', () => {
    const errors = [{ pointer: '/lines/0/amount', message: 'is no amount' }];
    expect(renderProblem({ code: 'invalid_request', detail: 'd', errors }, 't-1')).toEqual({
      status: 400,
      body: {
        type: 'https://jifen.dev/problems/invalid_request',
        title: 'The request is not valid',
        status: 400,
        code: 'invalid_request',
        detail: 'd',
        errors,
        traceId: 't-1',
      },
    });
  });
});
