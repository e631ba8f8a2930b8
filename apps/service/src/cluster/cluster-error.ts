export type ClusterErrorCode =
  /** A venue or a pair that gives no subject. */
  | 'BAD_MARKET'
  /** Nodes, members or times that no cluster can have. */
  | 'BAD_SETTING'
  /** Values that no candle has, or a candle older than the one published before. */
  | 'BAD_CANDLE'
  /** More candles would come to be dropped before nodes have decided on those that are there. */
  | 'NODES_BEHIND'
  /** A record of a market's journal that no node of ours wrote. */
  | 'BAD_RECORD'
  /** A snapshot that is damaged or does not belong to the journal. */
  | 'BAD_SNAPSHOT'
  /** What the journal records is not what is decided here: another key, version or machine. */
  | 'DIVERGED'
  /** What was announced cannot be had, or is not what was announced. */
  | 'CHANGE_NOT_USABLE';

/** Everything the cluster's own code throws on purpose; what ports throw is a `PortError`. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly code: ClusterErrorCode;

  constructor(code: ClusterErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
