using MMDetSharp.Core.Configs;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Data.Loading;
using MMDetSharp.Data.Pipelines;
using MMDetSharp.Torch;
using MMDetSharp.Torch.Checkpoints;

namespace MMDetSharp.Cli;

/// <summary>One clear message for an error: no type names, no stack.</summary>
internal static class ErrorText
{
    /// <summary>The message of the error, or of what caused it where the outer one only wraps.</summary>
    internal static string Of(Exception error) => error switch
    {
        AggregateException { InnerException: { } inner } => Of(inner),
        TypeInitializationException { InnerException: { } inner } => Of(inner),
        System.Reflection.TargetInvocationException { InnerException: { } inner } => Of(inner),
        EntryPointNotFoundException => "The native library is of another version than the program. Build both again: "
            + "./mmdet build, or ninja -C native/build for one that you built yourself.",
        _ => error.Message,
    };

    /// <summary>Whether the user's input or machine caused it, rather than a fault of the program.</summary>
    internal static bool IsExpected(Exception error) => error switch
    {
        AggregateException { InnerException: { } inner } => IsExpected(inner),
        TypeInitializationException { InnerException: { } inner } => IsExpected(inner),
        ConfigException or DatasetException or ImageException or PipelineException => true,
        DataLoaderException or CheckpointException or TorchException => true,
        IOException or UnauthorizedAccessException or NotSupportedException => true,
        EntryPointNotFoundException or ArgumentException or FormatException or InvalidDataException => true,
        _ => error.GetType().Namespace?.StartsWith("MMDetSharp", StringComparison.Ordinal) ?? false,
    };
}
