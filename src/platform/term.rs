//! Terms of the domain that are one of a few words: an enum with a stored key and a Chinese term.

/// The text is none of the keys or terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one of the known values")]
pub struct UnknownTerm;

/// A key with its Chinese term.
pub type KeyAndTerm = (&'static str, &'static str);

/// Declares an enum whose values are stored and sent as keys, and shown as Chinese terms.
#[macro_export]
macro_rules! terms {
    ($(#[doc = $doc:literal])* $name:ident { $($(#[$value_doc:meta])* $variant:ident = $key:literal, $zh:literal;)+ }) => {
        $(#[doc = $doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize, sqlx::Type,
        )]
        #[sqlx(type_name = "text")]
        pub enum $name {
            $($(#[$value_doc])* #[serde(rename = $key)] #[sqlx(rename = $key)] $variant,)+
        }

        impl $name {
            /// Every value, in the order shown to people.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Every key with its Chinese term.
            pub const TERMS: &'static [$crate::platform::term::KeyAndTerm] = &[$(($key, $zh),)+];

            /// The key that is stored and sent.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)+ }
            }

            /// The Chinese term.
            #[must_use]
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh,)+ }
            }
        }

        // By hand: utoipa's derive does not see a key that comes out of a macro, and would describe the variants.
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .description(Some(concat!($($doc, "\n",)*).trim()))
                    .enum_values(Some([$($key,)+]))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}

        impl std::str::FromStr for $name {
            type Err = $crate::platform::term::UnknownTerm;

            /// Reads the key or the Chinese term.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($key | $zh => Ok(Self::$variant),)+
                    _ => Err($crate::platform::term::UnknownTerm),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.key())
            }
        }
    };
}
