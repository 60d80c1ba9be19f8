//! What a project is made of: the values that the caller chooses.

use std::collections::BTreeMap;

use trimtab_model::serverless::TaskScaling;

/// Messages that one invocation takes at most, where nothing says that they take long.
pub const MOST_MESSAGES: u32 = 10;

/// A serverless project that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scaffold {
    /// Name of the function and of its stack: 2 to 64 letters, digits and hyphens, a letter first.
    pub name: String,
    /// What the function does, and what starts it.
    pub template: Template,
    /// The language of its handler.
    pub runtime: Runtime,
    /// In whose words the infrastructure is written.
    pub iac: Iac,
    /// The region, such as `ap-northeast-2`.
    pub region: String,
    /// The processor it runs on.
    pub architecture: Architecture,
    /// Memory in MB, from 128 to 10240.
    pub memory_mb: u32,
    /// Longest time of one invocation in seconds: up to 900, and up to 29 behind HTTP.
    pub timeout_seconds: u32,
    /// Messages that one invocation takes from the queue at most: 1 to 10.
    pub batch_size: u32,
    /// How many run at the same time at most, and as many are kept for it; `None` leaves it to the
    /// account, whose limit may be too low to reserve any.
    pub reserved_concurrency: Option<u32>,
    /// How long its logs are kept, in days: one of the numbers that CloudWatch Logs takes.
    pub log_retention_days: u32,
    /// Tags of everything that costs, by which the bill is split.
    pub tags: BTreeMap<String, String>,
    /// The network it runs in; `None` where its database is reached without one.
    pub vpc: Option<Vpc>,
    /// Name of the SSM parameter, a SecureString, that says how the database is reached.
    pub database_parameter: String,
    /// ARN of the customer's key that the parameters are encrypted with; `None` where it is AWS's.
    pub kms_key_arn: Option<String>,
    /// The account of what does the work today, and of the function: 12 digits; `None` where it is not known.
    pub account: Option<String>,
    /// What does the work today and is stopped after the soak; `None` where it is not known.
    pub replaces: Option<Replaced>,
    /// Minutes between the begins of two runs of what does the work today, the median; `None` where it is not known.
    pub usual_gap_minutes: Option<u32>,
    /// How many days it has to run well before what it replaces is stopped.
    pub soak_days: u32,
}

/// What the function does, and what starts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Template {
    /// An object in a bucket becomes a row in MySQL and a message of SNS.
    S3Notice {
        /// Name of the bucket, which the project makes.
        bucket: String,
    },
    /// JSON over HTTP.
    Http {
        /// Name of the SSM parameter, a SecureString, with the token of its callers.
        token_parameter: String,
    },
    /// A job that runs by the clock.
    Schedule {
        /// When, in UTC: `rate(…)` or `cron(…)` as EventBridge reads it.
        expression: String,
    },
    /// Messages of an SQS queue, in batches.
    Queue,
}

/// The language of a handler, at the version that is current.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runtime {
    /// A native binary on `provided.al2023`.
    Rust,
    /// JavaScript on Node.js.
    Nodejs,
    /// Python.
    Python,
}

/// In whose words infrastructure is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Iac {
    /// `serverless.yml`, for the open fork of the Serverless Framework.
    Serverless,
    /// A template for AWS SAM.
    Sam,
    /// A template for AWS CloudFormation alone.
    Cloudformation,
    /// Terraform.
    Terraform,
}

/// A processor of Lambda.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// Graviton, which costs a fifth less per second.
    Arm64,
    /// Intel or AMD.
    X86_64,
}

/// Where in a network a function runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vpc {
    /// Its subnets, which are private ones.
    pub subnet_ids: Vec<String>,
    /// Its security groups.
    pub security_group_ids: Vec<String>,
}

/// What does the work until the function does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replaced {
    /// An EC2 instance.
    Instance {
        /// Its id, such as `i-0123456789abcdef0`.
        id: String,
        /// The region it runs in, which need not be that of the function.
        region: String,
    },
    /// A service of ECS.
    Service {
        /// The cluster it runs in.
        cluster: String,
        /// Its name.
        service: String,
        /// The region it runs in, which need not be that of the function.
        region: String,
        /// How many tasks it has today, which rolling back restores.
        desired_count: u32,
        /// What else decides how many tasks it has.
        scaling: TaskScaling,
    },
}

impl Scaffold {
    /// Returns a project with the values that suit its template, to be changed where they do not.
    ///
    /// The region is Seoul, memory 256 MB, the timeout 300 s (behind HTTP 10 s), ten run at most at the
    /// same time, logs are kept for 30 days, and it soaks for 14 days.
    pub fn new(name: &str, template: Template, runtime: Runtime, iac: Iac) -> Self {
        let timeout_seconds = match template {
            Template::Http { .. } => 10,
            Template::S3Notice { .. } | Template::Schedule { .. } | Template::Queue => 300,
        };
        Self {
            name: name.to_owned(),
            template,
            runtime,
            iac,
            region: "ap-northeast-2".to_owned(),
            architecture: Architecture::Arm64,
            memory_mb: 256,
            timeout_seconds,
            batch_size: MOST_MESSAGES,
            reserved_concurrency: Some(10),
            log_retention_days: 30,
            tags: BTreeMap::from([("application".to_owned(), name.to_owned())]),
            vpc: None,
            database_parameter: format!("/{name}/database"),
            kms_key_arn: None,
            account: None,
            replaces: None,
            usual_gap_minutes: None,
            soak_days: 14,
        }
    }
}

impl Template {
    /// The ids of all templates, as the command line takes them.
    pub const IDS: [&str; 4] = ["s3-notice", "http", "schedule", "queue"];

    /// Returns the template of an id, with what follows from the project's name; `None` where there
    /// is no such template.
    pub fn of_id(id: &str, name: &str) -> Option<Self> {
        match id {
            "s3-notice" => {
                Some(Self::S3Notice { bucket: format!("{}-notices", name.to_lowercase()) })
            }
            "http" => Some(Self::Http { token_parameter: format!("/{name}/token") }),
            "schedule" => Some(Self::Schedule { expression: "cron(0 18 * * ? *)".to_owned() }),
            "queue" => Some(Self::Queue),
            _ => None,
        }
    }

    /// Returns its id.
    pub fn id(&self) -> &'static str {
        match self {
            Self::S3Notice { .. } => "s3-notice",
            Self::Http { .. } => "http",
            Self::Schedule { .. } => "schedule",
            Self::Queue => "queue",
        }
    }

    /// Returns whether Lambda calls the function by itself and tries again, from a queue of its own.
    pub(super) fn is_asynchronous(&self) -> bool {
        match self {
            Self::S3Notice { .. } | Self::Schedule { .. } => true,
            Self::Http { .. } | Self::Queue => false,
        }
    }

    /// Returns whether what fails for good can be kept: a caller over HTTP is told at once instead.
    pub(super) fn has_dead_letters(&self) -> bool {
        match self {
            Self::S3Notice { .. } | Self::Schedule { .. } | Self::Queue => true,
            Self::Http { .. } => false,
        }
    }
}

impl Runtime {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::Rust, Self::Nodejs, Self::Python];

    /// Returns its id, as the command line takes it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Nodejs => "nodejs",
            Self::Python => "python",
        }
    }

    /// Returns its name in Lambda.
    pub(super) fn identifier(self) -> &'static str {
        match self {
            Self::Rust => "provided.al2023",
            Self::Nodejs => "nodejs24.x",
            Self::Python => "python3.14",
        }
    }

    /// Returns what Lambda calls in it.
    pub(super) fn handler(self) -> &'static str {
        match self {
            Self::Rust => "bootstrap",
            Self::Nodejs | Self::Python => "index.handler",
        }
    }
}

impl Iac {
    /// Every way to write infrastructure.
    pub const ALL: [Self; 4] = [Self::Serverless, Self::Sam, Self::Cloudformation, Self::Terraform];

    /// Returns its id, as the command line takes it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Serverless => "serverless",
            Self::Sam => "sam",
            Self::Cloudformation => "cloudformation",
            Self::Terraform => "terraform",
        }
    }
}

impl Architecture {
    /// Returns its name in Lambda.
    pub fn id(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86_64 => "x86_64",
        }
    }
}
