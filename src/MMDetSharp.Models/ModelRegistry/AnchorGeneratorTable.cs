using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>The anchor generators by their names in configs.</summary>
internal static class AnchorGeneratorTable
{
    /// <summary>The table.</summary>
    internal static Registry<IAnchorGenerator> Generators { get; } = new("anchor generator", new()
    {
        ["AnchorGenerator"] = Anchors,
    });

    private static AnchorGenerator Anchors(ConfigReader reader)
    {
        var defaults = new AnchorGeneratorOptions { Strides = Strides(reader), Ratios = Floats(reader, "ratios") ?? [] };
        try
        {
            return new AnchorGenerator(defaults with
            {
                Scales = Floats(reader, "scales"),
                BaseSizes = Floats(reader, "base_sizes"),
                ScaleMajor = reader.Bool("scale_major", defaults.ScaleMajor),
                OctaveBaseScale = reader.FloatOrNull("octave_base_scale"),
                ScalesPerOctave = reader.IntOrNull("scales_per_octave"),
                Centers = Centers(reader),
                CenterOffset = reader.Float("center_offset", defaults.CenterOffset),
            });
        }
        catch (ArgumentException error)
        {
            throw new ConfigException(reader.Origin, error.Message);
        }
    }

    private static (int X, int Y)[] Strides(ConfigReader reader) =>
        reader.Raw("strides") is ConfigSequence { Count: > 0 } strides && strides[0] is ConfigSequence
            ? reader.IntPairsOrNull("strides")!
            : Array.ConvertAll(reader.Ints("strides"), stride => (stride, stride));

    private static float[]? Floats(ConfigReader reader, string key) =>
        reader.FloatsOrNull(key) is { } values ? Array.ConvertAll(values, value => (float)value) : null;

    private static (float X, float Y)[]? Centers(ConfigReader reader) =>
        reader.RawOrNull("centers") switch
        {
            null => null,
            ConfigSequence centers => [.. centers.Select(center => Center(reader, center))],
            _ => throw WrongCenters(reader),
        };

    private static (float X, float Y) Center(ConfigReader reader, ConfigValue center) =>
        center is ConfigSequence { Count: 2 } pair
            ? (Number(reader, pair[0]), Number(reader, pair[1]))
            : throw WrongCenters(reader);

    private static float Number(ConfigReader reader, ConfigValue value) => value is ConfigScalar scalar
        ? scalar.Content switch
        {
            long number => number,
            double number => (float)number,
            _ => throw WrongCenters(reader),
        }
        : throw WrongCenters(reader);

    private static ConfigException WrongCenters(ConfigReader reader) =>
        reader.Error("centers", "must be a list of (x, y), one per stride. Write it as [(4.0, 4.0), (8.0, 8.0)].");
}
