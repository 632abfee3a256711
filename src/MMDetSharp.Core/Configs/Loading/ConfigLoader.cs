using MMDetSharp.Core.Configs.Evaluation;
using MMDetSharp.Core.Configs.Parsing;
using MMDetSharp.Core.Configs.Syntax;

namespace MMDetSharp.Core.Configs.Loading;

/// <summary>Reads a config file, then its bases, and merges them.</summary>
internal sealed class ConfigLoader
{
    private const string BaseKey = "_base_";
    private const string DeprecationKey = "_deprecation_";

    private readonly List<SourceFile> _chain = [];

    /// <summary>What files say about themselves.</summary>
    internal List<string> Warnings { get; } = [];

    /// <summary>The merged dict of a file.</summary>
    internal ConfigNode Load(string path)
    {
        var full = Path.GetFullPath(ExpandHome(path));
        return File.Exists(full)
            ? Resolve(SourceFile.Read(full))
            : throw new ConfigException($"{path}: there is no such config file. {Alternative(full)}");
    }

    /// <summary>The merged dict of a text.</summary>
    internal ConfigNode Parse(string text, string name) => Resolve(SourceFile.FromText(text, name));

    private ConfigNode Resolve(SourceFile file)
    {
        if (!file.IsJson && !file.FullPath.EndsWith(".py", StringComparison.OrdinalIgnoreCase))
        {
            throw new ConfigException($"{file.Name}: a config must be a .py or .json file. Convert it.");
        }

        _chain.Add(file);
        try
        {
            var node = file.IsJson
                ? EvaluateJson(file, out var scope)
                : EvaluatePython(file, out scope);
            Warn(node, file);
            return node.Find(BaseKey) is null ? node : MergeWithBases(node, scope);
        }
        catch (InsufficientExecutionStackException)
        {
            throw new ConfigException(file.At(1, 1), "the file is nested too deep to be read. Flatten it.");
        }
        finally
        {
            _chain.RemoveAt(_chain.Count - 1);
        }
    }

    private static ConfigNode MergeWithBases(ConfigNode node, Scope scope)
    {
        node.Remove(BaseKey);
        var bases = scope.Bases;
        new ConfigMerger(allowListKeys: false).Merge(node, bases, "");
        return bases;
    }

    private ConfigNode EvaluatePython(SourceFile file, out Scope scope)
    {
        var statements = Parser.Parse(file);
        scope = new Scope(file.At(1, 1), inner => LoadBases(BaseValue(inner, statements), file));
        foreach (var statement in statements)
        {
            statement.Execute(scope);
        }

        var node = new ConfigNode(file.At(1, 1));
        foreach (var entry in scope.Names)
        {
            if (!entry.Name.StartsWith("__", StringComparison.Ordinal) && entry.Value is not ImportedName)
            {
                node.Set(entry.Key, entry.Value, entry.Origin);
            }
        }

        return (ConfigNode)ConfigCopy.Of(node);
    }

    private ConfigNode EvaluateJson(SourceFile file, out Scope scope)
    {
        var value = Parser.ParseValue(file);
        var node = new ConfigNode(file.At(1, 1));
        scope = new Scope(file.At(1, 1), inner => LoadBases((value as DictExpression)?.ValueOf(BaseKey)?.Evaluate(inner), file));
        var origin = file.At(1, 1);
        scope.Names.Set("true", new ConfigScalar(true, origin), origin);
        scope.Names.Set("false", new ConfigScalar(false, origin), origin);
        scope.Names.Set("null", new ConfigScalar(null, origin), origin);
        scope.Names.Set("NaN", new ConfigScalar(double.NaN, origin), origin);
        scope.Names.Set("Infinity", new ConfigScalar(double.PositiveInfinity, origin), origin);
        node.SetAll(value.Evaluate(scope) as ConfigNode
            ?? throw new ConfigException(value.Origin, "a config must be an object. Put {} around it."));
        return (ConfigNode)ConfigCopy.Of(node);
    }

    /// <summary>The value of <c>_base_</c>, also where a reference needs it before its line.</summary>
    private static ConfigValue? BaseValue(Scope scope, List<Statement> statements)
    {
        if (scope.Find(BaseKey) is { } value)
        {
            return value;
        }

        foreach (var statement in statements)
        {
            if ((statement as AssignStatement)?.ValueOf(BaseKey) is { } expression)
            {
                return expression.Evaluate(scope);
            }
        }

        return null;
    }

    private ConfigNode LoadBases(ConfigValue? value, SourceFile file)
    {
        var merged = new ConfigNode(file.At(1, 1));
        var names = value switch
        {
            null => [],
            ConfigSequence sequence => sequence.Items,
            _ => [value],
        };
        foreach (var name in names)
        {
            Add(merged, LoadBase(name, file));
        }

        return merged;
    }

    private ConfigNode LoadBase(ConfigValue name, SourceFile file)
    {
        if (name is not ConfigScalar { Content: string relative })
        {
            throw new ConfigException(
                name.Origin, $"_base_ must be a path or a list of paths, found {name.Describe()}. Correct it.");
        }

        var full = Path.GetFullPath(relative, Path.GetDirectoryName(file.FullPath)!);
        if (!File.Exists(full))
        {
            throw new ConfigException(
                name.Origin, $"the base file {SourceFile.DisplayName(full)} does not exist. {Alternative(full)}");
        }

        var start = _chain.FindIndex(open => open.FullPath == full);
        if (start >= 0)
        {
            var cycle = string.Join(" -> ", _chain.Skip(start).Select(open => open.Name));
            throw new ConfigException(
                name.Origin, $"the bases form a cycle: {cycle} -> {SourceFile.DisplayName(full)}. Remove one _base_.");
        }

        return Resolve(SourceFile.Read(full));
    }

    private static void Add(ConfigNode merged, ConfigNode next)
    {
        foreach (var entry in next)
        {
            if (merged.Find(entry.Key) is { } other)
            {
                throw new ConfigException(
                    entry.Origin,
                    $"two bases must not set the same key, found {entry.Name} also in {other.Origin}. " +
                    "Keep it in one of them, or set it in the file that has both as bases.");
            }
        }

        merged.SetAll(next);
    }

    private void Warn(ConfigNode node, SourceFile file)
    {
        if (node.Remove(DeprecationKey) is not { } value)
        {
            return;
        }

        var expected = Text(value, "expected", " Use {0} instead.");
        var reference = Text(value, "reference", " See {0}.");
        Warnings.Add($"{file.Name}: this config is deprecated.{expected}{reference}");
    }

    private static string Text(ConfigValue value, string key, string sentence) =>
        value is ConfigNode node && node.TryGet(key, out var text)
            ? sentence.Replace("{0}", PythonText.Str(text), StringComparison.Ordinal)
            : "";

    private static string ExpandHome(string path) => path.StartsWith("~/", StringComparison.Ordinal)
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..])
        : path;

    /// <summary>What the user may have meant: a file with a similar name in the folder.</summary>
    private static string Alternative(string full)
    {
        var folder = Path.GetDirectoryName(full);
        var names = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.py").Select(file => Path.GetFileName(file)!)
            : [];
        return NearestName.Question(NearestName.Of(Path.GetFileName(full), names), "Correct the path.");
    }
}
