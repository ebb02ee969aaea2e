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

/** What an app is configured with, and who registers in it. */
export interface RegistrationPlan {
  url: string;
  gatewayUrl: string;
  specId: string;
  processId: string;
  applicationId?: string;
  /** One of the two. */
  email?: string;
  mobilePhone?: string;
  firstName: string;
  lastName: string;
  /** A solved Friendly Captcha; Kerberus otherwise. */
  friendlyCaptcha?: string;
  /** The folder of the app's keys. */
  folder: string;
  /** Gives a new patient the key for its own data. */
  initialises: boolean;
}
