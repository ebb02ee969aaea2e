interface Place {
  id: string;
  password: string;
}

/** What a client's program is told to do its work with. */
export interface ClientPlan {
  url: string;
  username: string;
  environments: [Place, Place];
  /** Groups made by other means, to be read back. */
  read: string[];
}
