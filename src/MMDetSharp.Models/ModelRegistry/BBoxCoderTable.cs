using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Models.BBoxCoders;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>The box coders by their names in configs.</summary>
internal static class BBoxCoderTable
{
    /// <summary>The table.</summary>
    internal static Registry<IBBoxCoder> Coders { get; } = new("box coder", new()
    {
        ["DeltaXYWHBBoxCoder"] = Delta,
    });

    private static DeltaXYWHBBoxCoder Delta(ConfigReader reader)
    {
        try
        {
            return new DeltaXYWHBBoxCoder(Floats(reader, "target_means"), Floats(reader, "target_stds"));
        }
        catch (ArgumentException error)
        {
            throw new ConfigException(reader.Origin, error.Message);
        }
    }

    private static float[]? Floats(ConfigReader reader, string key) =>
        reader.FloatsOrNull(key) is { } values ? Array.ConvertAll(values, value => (float)value) : null;
}
